package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.internal.math.Normal;
import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.ProportionTest;
import java.util.List;
import java.util.function.ToDoubleFunction;

/*
 * Test: pooled score z within each epoch, combined with the epochs' weights. Interval: Wilson limits
 * of each proportion combined by MOVER (Zou & Donner 2008); with one epoch it is Newcombe's. Both hold
 * at 0 and at n successes.
 */
/** A difference of proportions over epochs. Immutable. */
record StratifiedProportion(List<Part> parts) implements Effect {
  /** One epoch: its weight and counts. */
  record Part(double weight, ProportionTest counts) {}

  @Override
  public double control() {
    return sum(p -> p.weight() * p.counts().controlProportion());
  }

  @Override
  public double treatment() {
    return sum(p -> p.weight() * p.counts().treatmentProportion());
  }

  @Override
  public double controlVariance() {
    return sum(p -> p.weight()
        * p.weight()
        * variance(p.counts().controlSuccesses(), p.counts().controlCount()));
  }

  @Override
  public double treatmentVariance() {
    return sum(p -> p.weight()
        * p.weight()
        * variance(p.counts().treatmentSuccesses(), p.counts().treatmentCount()));
  }

  /** At 0 and at n the plain variance is 0, which would make a sequential interval a point. */
  private static double variance(long successes, long count) {
    boolean edge = successes == 0 || successes == count;
    double p = edge ? (successes + 1.0) / (count + 2.0) : (double) successes / count;
    return p * (1 - p) / count;
  }

  @Override
  public boolean testable() {
    return pooledVariance() > 0;
  }

  @Override
  public long controlUnits() {
    return parts.stream().mapToLong(p -> p.counts().controlCount()).sum();
  }

  @Override
  public long treatmentUnits() {
    return parts.stream().mapToLong(p -> p.counts().treatmentCount()).sum();
  }

  @Override
  public double criticalValue(double alpha) {
    return Normal.upperQuantile(alpha / 2);
  }

  @Override
  public Interval interval(double alpha) {
    double below = 0;
    double above = 0;
    for (Part part : parts) {
      ProportionTest c = part.counts();
      double d = c.difference();
      Interval newcombe = c.newcombe(alpha);
      double w = part.weight() * part.weight();
      below += w * (d - newcombe.low()) * (d - newcombe.low());
      above += w * (newcombe.high() - d) * (newcombe.high() - d);
    }
    return new Interval(difference() - Math.sqrt(below), difference() + Math.sqrt(above));
  }

  @Override
  public double pValue() {
    return Normal.twoSided(difference() / Math.sqrt(pooledVariance()));
  }

  private double pooledVariance() {
    return sum(p -> {
      ProportionTest c = p.counts();
      double q = (double) (c.controlSuccesses() + c.treatmentSuccesses())
          / (c.controlCount() + c.treatmentCount());
      double v = q * (1 - q) * (1.0 / c.controlCount() + 1.0 / c.treatmentCount());
      return p.weight() * p.weight() * v;
    });
  }

  @Override
  public String method() {
    return "score test, Newcombe interval";
  }

  private double sum(ToDoubleFunction<Part> term) {
    return parts.stream().mapToDouble(term).sum();
  }
}
