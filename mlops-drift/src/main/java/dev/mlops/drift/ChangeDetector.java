package dev.mlops.drift;

import dev.mlops.drift.internal.Adwin;
import dev.mlops.drift.internal.Ddm;
import dev.mlops.drift.internal.HddmAverage;
import dev.mlops.drift.internal.Kswin;
import dev.mlops.drift.internal.PageHinkley;

/**
 * Watches one stream of numbers, such as 0/1 errors or latencies, and says when it changed. Memory
 * is bounded by a constant or, for ADWIN, by the logarithm of the stream.
 *
 * <p>The defaults are those of MOA. Not safe for use by several threads.
 */
public interface ChangeDetector {

  /** What a detector says about the stream so far. */
  enum Signal {
    /** No change. */
    STABLE,
    /** A change may be coming. */
    WARNING,
    /** The stream changed. */
    CHANGE
  }

  /**
   * Takes the next value.
   *
   * @param value a finite number; DDM needs 0 or 1, HDDM a value from 0 to 1
   * @return the state after this value
   * @throws DriftException if the value is out of range; the detector is unchanged then
   */
  Signal update(double value);

  /** Forgets everything. */
  void reset();

  /**
   * Writes the state, so that a restart can go on where this left off.
   *
   * @return the state, versioned
   */
  byte[] snapshot();

  /**
   * Takes over a state written by a detector of the same kind and parameters.
   *
   * @param snapshot what {@link #snapshot()} gave
   * @throws DriftException of kind {@code CORRUPT} or {@code NOT_COMPARABLE}; the detector is
   *     unchanged then
   */
  void restore(byte[] snapshot);

  /**
   * ADWIN: an adaptive window that drops its older part when two parts differ in mean (Bifet and
   * Gavaldà 2007). δ is 0.002.
   *
   * @return a new detector for values from 0 to 1
   */
  static ChangeDetector adwin() {
    return adwin(0.002);
  }

  /**
   * ADWIN with another confidence.
   *
   * @param delta the chance of a false alarm at a check, above 0 and below 1
   * @return a new detector
   */
  static ChangeDetector adwin(double delta) {
    return new Adwin(open(delta, "delta"));
  }

  /**
   * Page–Hinkley: cumulated excess over the running mean (Page 1954). At least 30 values, δ 0.005,
   * λ 50, forgetting 0.9999.
   *
   * @return a new detector for increases
   */
  static ChangeDetector pageHinkley() {
    return pageHinkley(30, 0.005, 50, 0.9999);
  }

  /**
   * Page–Hinkley with other parameters.
   *
   * @param minValues values before the first alarm, at least 1
   * @param delta tolerated excess
   * @param lambda alarm threshold, above 0
   * @param forgetting factor on the cumulated excess, above 0 and at most 1
   * @return a new detector for increases
   */
  static ChangeDetector pageHinkley(int minValues, double delta, double lambda, double forgetting) {
    if (minValues < 1 || !(delta >= 0) || !(lambda > 0) || !(forgetting > 0 && forgetting <= 1)) {
      throw DriftException.invalidInput(
          "Page-Hinkley needs minValues >= 1, delta >= 0, lambda > 0 and forgetting in (0, 1], got "
              + minValues + ", " + delta + ", " + lambda + ", " + forgetting);
    }
    return new PageHinkley(minValues, delta, lambda, forgetting);
  }

  /**
   * DDM: the error rate against its lowest level, warning at 2 and change at 3 standard deviations
   * (Gama et al. 2004). Feed it 1 for an error, 0 for a hit. Early in a stream it alarms often.
   *
   * @return a new detector for increases
   */
  static ChangeDetector ddm() {
    return new Ddm(30, 2, 3);
  }

  /**
   * HDDM-A: averages compared by Hoeffding's inequality (Frías-Blanco et al. 2015). Drift
   * confidence 0.001, warning 0.005, increases only.
   *
   * @return a new detector for values from 0 to 1
   */
  static ChangeDetector hddm() {
    return hddm(0.001, 0.005);
  }

  /**
   * HDDM-A with other confidences.
   *
   * @param drift chance of a false alarm, above 0 and below the warning
   * @param warning chance of a false warning, below 1
   * @return a new detector for values from 0 to 1
   */
  static ChangeDetector hddm(double drift, double warning) {
    if (!(open(drift, "drift") <= open(warning, "warning"))) {
      throw DriftException.invalidInput(
          "the drift confidence must not exceed the warning's, got " + drift + " and " + warning);
    }
    return new HddmAverage(drift, warning);
  }

  /**
   * KSWIN: a Kolmogorov–Smirnov test of the newest 30 of 100 values against the 70 before them
   * (Raab et al. 2020), α 0.0001. The whole older part is used instead of a random draw from it, so
   * the answer is repeatable.
   *
   * @return a new detector
   */
  static ChangeDetector kswin() {
    return kswin(0.0001, 100, 30);
  }

  /**
   * KSWIN with other parameters.
   *
   * @param alpha significance level of each test, above 0 and below 1
   * @param window values kept, more than {@code recent}
   * @param recent newest values to test, at least 2
   * @return a new detector
   */
  static ChangeDetector kswin(double alpha, int window, int recent) {
    if (recent < 2 || window <= recent || window > 10_000) {
      throw DriftException.invalidInput(
          "KSWIN needs 2 <= recent < window <= 10000, got " + recent + " and " + window);
    }
    return new Kswin(open(alpha, "alpha"), window, recent);
  }

  private static double open(double value, String name) {
    if (!(value > 0 && value < 1)) {
      throw DriftException.invalidInput(name + " must be above 0 and below 1, got " + value);
    }
    return value;
  }
}
