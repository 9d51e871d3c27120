package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.internal.math.Normal;
import dev.mlops.abtest.stats.ConfidenceSequence;
import dev.mlops.abtest.stats.GroupSequentialBounds;
import dev.mlops.abtest.stats.Interval;

/** How an effect becomes an interval and a p-value under one design. */
public interface Method {
  /** Whether the answers hold however often they are looked at. */
  boolean peekSafe();

  /** Fewest units per arm for which the method is offered. */
  default long minimumUnits() {
    return 2;
  }

  String name(Effect effect);

  /** The multiple of the standard error that the interval reaches. */
  double criticalValue(Effect effect, double alpha);

  default Interval interval(Effect effect, double alpha) {
    return Interval.around(
        effect.difference(), criticalValue(effect, alpha) * effect.standardError());
  }

  /** Two-sided; only if the effect is testable. */
  double pValue(Effect effect);

  /** One look at the planned size. */
  record FixedHorizon() implements Method {
    @Override
    public boolean peekSafe() {
      return false;
    }

    @Override
    public String name(Effect effect) {
      return effect.method();
    }

    @Override
    public double criticalValue(Effect effect, double alpha) {
      return effect.criticalValue(alpha);
    }

    @Override
    public Interval interval(Effect effect, double alpha) {
      return effect.interval(alpha);
    }

    @Override
    public double pValue(Effect effect) {
      return effect.pValue();
    }
  }

  /** Any number of looks: an asymptotic confidence sequence. */
  record AlwaysValid(double alpha, double tuningUnits) implements Method {
    @Override
    public boolean peekSafe() {
      return true;
    }

    @Override
    public long minimumUnits() {
      return 30;
    }

    @Override
    public String name(Effect effect) {
      return "asymptotic confidence sequence";
    }

    @Override
    public double criticalValue(Effect effect, double level) {
      return new ConfidenceSequence(level, tuningUnits).multiplier(effect.units());
    }

    @Override
    public double pValue(Effect effect) {
      return new ConfidenceSequence(alpha, tuningUnits)
          .pValue(effect.difference(), effect.standardError(), effect.units());
    }
  }

  /** The looks taken so far, the present one last, as shares of the planned information. */
  record GroupSequential(double[] fractions) implements Method {
    @Override
    public boolean peekSafe() {
      return true;
    }

    @Override
    public String name(Effect effect) {
      return "group-sequential z, look " + fractions.length;
    }

    @Override
    public double criticalValue(Effect effect, double alpha) {
      double[] bounds =
          GroupSequentialBounds.of(Math.min(alpha, 0.999), fractions).bounds();
      return bounds[bounds.length - 1];
    }

    @Override
    public double pValue(Effect effect) {
      return GroupSequentialBounds.repeatedPValue(
          effect.difference() / effect.standardError(), fractions);
    }
  }

  /** A credible interval with a prior on the relative lift; there is no p-value. */
  record Bayes(double priorMean, double priorDeviation) implements Method {
    @Override
    public boolean peekSafe() {
      return false;
    }

    @Override
    public String name(Effect effect) {
      return "normal posterior, not peek-protected";
    }

    @Override
    public double criticalValue(Effect effect, double alpha) {
      return Normal.upperQuantile(alpha / 2);
    }

    @Override
    public Interval interval(Effect effect, double alpha) {
      return posterior(effect).interval(alpha);
    }

    @Override
    public double pValue(Effect effect) {
      throw new UnsupportedOperationException("a posterior has no p-value");
    }

    /** The prior is on the lift, so its scale on the difference is the control's value. */
    public dev.mlops.abtest.stats.NormalPosterior posterior(Effect effect) {
      double scale = Math.abs(effect.control());
      double se = effect.standardError();
      if (Double.isInfinite(priorDeviation) || scale == 0) {
        return dev.mlops.abtest.stats.NormalPosterior.flat(effect.difference(), se);
      }
      double deviation = priorDeviation * scale;
      return dev.mlops.abtest.stats.NormalPosterior.of(
          effect.difference(), se, priorMean * effect.control(), deviation * deviation);
    }
  }
}
