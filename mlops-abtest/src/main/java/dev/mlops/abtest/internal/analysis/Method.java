package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.stats.Interval;

/** How an effect becomes an interval and a p-value under one design. */
public interface Method {
  /** Whether the answers hold however often they are looked at. */
  boolean peekSafe();

  String name(Effect effect);

  /** The multiple of the standard error that the interval reaches. */
  double criticalValue(Effect effect, double alpha);

  Interval interval(Effect effect, double alpha);

  /** Two-sided; only if the effect is testable. */
  double pValue(Effect effect);

  /** One look at the planned size. */
  final class FixedHorizon implements Method {
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
}
