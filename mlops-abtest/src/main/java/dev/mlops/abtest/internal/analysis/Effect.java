package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.stats.Interval;
import dev.mlops.abtest.stats.RelativeLift;
import java.util.Optional;

/** The estimated difference of one metric between one variant and the control. Immutable. */
public interface Effect {
  double control();

  double treatment();

  double controlVariance();

  double treatmentVariance();

  long controlUnits();

  long treatmentUnits();

  /** Treatment minus control. */
  default double difference() {
    return treatment() - control();
  }

  default double standardError() {
    return Math.sqrt(controlVariance() + treatmentVariance());
  }

  default long units() {
    return controlUnits() + treatmentUnits();
  }

  /** Whether a p-value exists; without variance there is none. */
  default boolean testable() {
    return standardError() > 0;
  }

  /** The multiple of the standard error that a fixed-horizon interval reaches. */
  double criticalValue(double alpha);

  /** A fixed-horizon interval of the difference. */
  Interval interval(double alpha);

  /** A fixed-horizon two-sided p-value; only if {@link #testable()}. */
  double pValue();

  /** The test's usual name. */
  String method();

  /** Interval of the relative lift, where the control is separated from 0. */
  default Optional<Interval> relativeLift(double criticalValue) {
    double base = control();
    if (base == 0 || Math.abs(base) < 2 * Math.sqrt(controlVariance())) {
      return Optional.empty();
    }
    return new RelativeLift(base, controlVariance(), treatment(), treatmentVariance())
        .interval(criticalValue);
  }
}
