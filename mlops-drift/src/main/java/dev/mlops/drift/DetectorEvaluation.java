package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * How good a {@link ChangeDetector} is on a stream whose changes are known, beside a dummy that
 * fires at every value: a detector that does not beat the dummy's F1 has learned nothing from the
 * data.
 *
 * <p>An alarm at or after a change and before the next one detects it; the first such alarm gives
 * the delay, further ones within the horizon are counted as one episode. All other alarms are
 * false. Immutable.
 *
 * @param changes how many known changes there are
 * @param detected how many of them were detected within the horizon
 * @param falseAlarms alarms that detect nothing
 * @param meanDelay mean number of values from a change to its detection, {@code NaN} if none was
 * @param falseAlarmsPer10k false alarms per 10,000 values
 * @param precision detected / (detected + false alarms), 0 without alarms
 * @param recall detected / changes, 1 without changes
 */
public record DetectorEvaluation(
    int changes,
    int detected,
    int falseAlarms,
    double meanDelay,
    double falseAlarmsPer10k,
    double precision,
    double recall) {

  /**
   * A detector beside the dummy that always fires.
   *
   * @param detector the detector
   * @param dummy the dummy
   */
  public record Comparison(DetectorEvaluation detector, DetectorEvaluation dummy) {}

  /**
   * Returns the harmonic mean of precision and recall.
   *
   * @return from 0 to 1
   */
  public double f1() {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /**
   * Runs a detector over a stream.
   *
   * @param detector makes a fresh detector
   * @param stream the values
   * @param changes indices of the first value after each change, ascending
   * @param horizon how many values after a change an alarm may still detect it, at least 1
   * @return the evaluation
   * @throws DriftException if the changes do not ascend or lie outside the stream
   */
  public static DetectorEvaluation of(
      Supplier<ChangeDetector> detector, double[] stream, int[] changes, int horizon) {
    return score(alarms(detector, stream), stream.length, check(changes, stream.length), horizon);
  }

  /**
   * Runs a detector and the dummy that fires at every value.
   *
   * @param detector makes a fresh detector
   * @param stream the values
   * @param changes indices of the first value after each change, ascending
   * @param horizon how many values after a change an alarm may still detect it, at least 1
   * @return both evaluations
   * @throws DriftException if the changes do not ascend or lie outside the stream
   */
  public static Comparison againstDummy(
      Supplier<ChangeDetector> detector, double[] stream, int[] changes, int horizon) {
    int[] alarms = alarms(detector, stream);
    check(changes, stream.length);
    int[] always = new int[stream.length];
    Arrays.setAll(always, i -> i);
    return new Comparison(
        score(alarms, stream.length, changes, horizon),
        score(always, stream.length, changes, horizon));
  }

  private static int[] alarms(Supplier<ChangeDetector> supplier, double[] stream) {
    ChangeDetector detector = requireNonNull(supplier, "detector").get();
    int[] alarms = new int[stream.length];
    int n = 0;
    for (int i = 0; i < stream.length; i++) {
      if (detector.update(stream[i]) == ChangeDetector.Signal.CHANGE) {
        alarms[n++] = i;
      }
    }
    return Arrays.copyOf(alarms, n);
  }

  private static int[] check(int[] changes, int length) {
    for (int i = 0; i < changes.length; i++) {
      if (changes[i] < 0 || changes[i] >= length || (i > 0 && changes[i] <= changes[i - 1])) {
        throw DriftException.invalidInput("changes must ascend within 0 to " + (length - 1)
            + ", got " + Arrays.toString(changes));
      }
    }
    return changes;
  }

  private static DetectorEvaluation score(int[] alarms, int length, int[] changes, int horizon) {
    if (horizon < 1) {
      throw DriftException.invalidInput("horizon must be at least 1, got " + horizon);
    }
    boolean[] found = new boolean[changes.length];
    double delays = 0;
    int detected = 0;
    int wrong = 0;
    for (int alarm : alarms) {
      int at = Arrays.binarySearch(changes, alarm);
      int change = at >= 0 ? at : -at - 2;
      if (change < 0 || alarm - changes[change] >= horizon) {
        wrong++;
      } else if (!found[change]) {
        found[change] = true;
        detected++;
        delays += alarm - changes[change];
      }
    }
    return new DetectorEvaluation(
        changes.length,
        detected,
        wrong,
        detected == 0 ? Double.NaN : delays / detected,
        length == 0 ? 0 : wrong * 10_000.0 / length,
        detected + wrong == 0 ? 0 : (double) detected / (detected + wrong),
        changes.length == 0 ? 1 : (double) detected / changes.length);
  }
}
