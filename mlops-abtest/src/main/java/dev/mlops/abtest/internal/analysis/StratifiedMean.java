package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.internal.math.StudentT;
import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.WelchTest;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/*
 * d = sum w_e d_e, v = sum w_e^2 v_e, df = v^2 / sum w_e^4 [vc_e^2/(nc_e - 1) + vt_e^2/(nt_e - 1)]
 * (Satterthwaite 1946). With one stratum this is Welch's test.
 */
/** A difference of means, or of anything with a variance of its own, over epochs. Immutable. */
record StratifiedMean(List<Stratum> strata, String method, Optional<WelchTest> relative)
    implements Effect {
  @Override
  public Optional<Interval> relativeLift(double criticalValue) {
    return relative
        .map(r -> Interval.around(r.difference(), criticalValue * r.standardError()))
        .or(() -> Effect.super.relativeLift(criticalValue));
  }

  @Override
  public double control() {
    return sum(s -> s.weight() * s.control());
  }

  @Override
  public double treatment() {
    return sum(s -> s.weight() * s.treatment());
  }

  @Override
  public double controlVariance() {
    return sum(s -> s.weight() * s.weight() * s.controlVariance());
  }

  @Override
  public double treatmentVariance() {
    return sum(s -> s.weight() * s.weight() * s.treatmentVariance());
  }

  @Override
  public long controlUnits() {
    return strata.stream().mapToLong(Stratum::controlUnits).sum();
  }

  @Override
  public long treatmentUnits() {
    return strata.stream().mapToLong(Stratum::treatmentUnits).sum();
  }

  double degreesOfFreedom() {
    double v = controlVariance() + treatmentVariance();
    double denominator = sum(s -> {
      double w = Math.pow(s.weight(), 4);
      double vc = s.controlVariance();
      double vt = s.treatmentVariance();
      return w * (vc * vc / (s.controlUnits() - 1) + vt * vt / (s.treatmentUnits() - 1));
    });
    return v * v / denominator;
  }

  @Override
  public double criticalValue(double alpha) {
    return StudentT.upperQuantile(alpha / 2, degreesOfFreedom());
  }

  @Override
  public Interval interval(double alpha) {
    return Interval.around(difference(), criticalValue(alpha) * standardError());
  }

  @Override
  public double pValue() {
    return StudentT.twoSided(difference() / standardError(), degreesOfFreedom());
  }

  private double sum(ToDoubleFunction<Stratum> term) {
    return strata.stream().mapToDouble(term).sum();
  }
}
