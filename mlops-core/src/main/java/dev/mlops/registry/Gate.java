package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.internal.Gates;
import dev.mlops.registry.internal.Superiority;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * A condition on a promotion. A missing metric and NaN reject, and never make another condition
 * pass: gates combine by Kleene's three-valued logic, and "cannot be judged" rejects.
 * Implementations are safe for use by several threads and may be asked again if another writer was
 * faster.
 */
@FunctionalInterface
public interface Gate {
  /**
   * Judges a candidate.
   *
   * @param context what may be looked at
   * @return the verdict with its reasons
   */
  GateResult evaluate(GateContext context);

  /**
   * Asks for both conditions; both are evaluated and explained.
   *
   * @param other the other condition
   * @return the conjunction
   */
  default Gate and(Gate other) {
    return Gates.and(this, requireNonNull(other, "other"));
  }

  /**
   * Asks for one condition at least; both are evaluated and explained.
   *
   * @param other the other condition
   * @return the disjunction
   */
  default Gate or(Gate other) {
    return Gates.or(this, requireNonNull(other, "other"));
  }

  /**
   * Turns a condition round. What cannot be judged is rejected still.
   *
   * @param gate the condition that must not hold
   * @return the negation
   */
  static Gate not(Gate gate) {
    return Gates.not(requireNonNull(gate, "gate"));
  }

  /**
   * Lets everything through, for aliases that need no gate.
   *
   * @return a gate that passes
   */
  static Gate open() {
    return context -> GateResult.pass("no condition was set");
  }

  /**
   * Asks for a metric of at least some value.
   *
   * @param metric the metric's name
   * @param minimum the smallest accepted value
   * @return the gate
   */
  static Gate atLeast(String metric, double minimum) {
    return Gates.atLeast(requireNonNull(metric, "metric"), requireNumber("minimum", minimum));
  }

  /**
   * Asks for a metric of at most some value.
   *
   * @param metric the metric's name
   * @param maximum the largest accepted value
   * @return the gate
   */
  static Gate atMost(String metric, double maximum) {
    return Gates.atMost(requireNonNull(metric, "metric"), requireNumber("maximum", maximum));
  }

  /**
   * Asks for a metric that is not worse than the champion's by more than a tolerance. Passes if
   * there is no champion yet and the candidate has the metric. It compares point estimates; see
   * {@link #betterThanChampion} for an interval.
   *
   * @param metric the metric's name; {@link Better#of} says which way it improves
   * @param tolerance how much worse is accepted, in the metric's unit, not negative
   * @return the gate
   */
  static Gate notWorseThanChampion(String metric, double tolerance) {
    return notWorseThanChampion(metric, tolerance, Better.of(metric));
  }

  /**
   * Asks for a metric of one's own that is not worse than the champion's by more than a tolerance.
   *
   * @param metric the metric's name
   * @param tolerance how much worse is accepted, in the metric's unit, not negative
   * @param better which way the metric improves
   * @return the gate
   */
  static Gate notWorseThanChampion(String metric, double tolerance, Better better) {
    requireNumber("tolerance", tolerance);
    if (tolerance < 0) {
      throw new InvalidInputException("tolerance must be >= 0, got " + tolerance);
    }
    return Gates.notWorse(requireNonNull(metric, "metric"), tolerance, better);
  }

  /**
   * Asks for a metric shown better than the champion's on the same test rows: the interval of the
   * difference lies on the better side of zero. Both versions need the artifact
   * {@link dev.mlops.registry.compare.TestScores#FILE_NAME} for the same rows; otherwise it
   * rejects. {@code roc_auc} is compared by {@linkplain dev.mlops.evaluation.DeLong DeLong's
   * method}, any other metric by a {@linkplain dev.mlops.registry.compare.PairedBootstrap paired
   * bootstrap} with 2000 resamples and a fixed seed. Passes if there is no champion yet.
   *
   * @param metric a metric that can be computed from test scores
   * @param confidence of the two-sided interval, between 0 and 1, such as 0.95
   * @return the gate
   * @throws dev.mlops.error.NotFoundException if the metric cannot be computed from test scores
   */
  static Gate betterThanChampion(String metric, double confidence) {
    return Superiority.gate(requireNonNull(metric, "metric"), confidence);
  }

  /**
   * Asks for training data that was checked: the version has a validation report, see
   * {@link VersionDraft.Builder#validated}, and every expectation in it holds.
   *
   * @return the gate; it rejects with the expectations that failed, and cannot judge a version
   *     without a report
   */
  static Gate dataValidated() {
    return Gates.dataValidated();
  }

  /**
   * Asks for a total size of the version's files, not counting its model card.
   *
   * @param maxBytes the largest accepted size in bytes
   * @return the gate
   */
  static Gate sizeAtMost(long maxBytes) {
    return Gates.sizeAtMost(maxBytes);
  }

  /**
   * Asks for a prediction latency, recorded at registration as the metric
   * {@code latency_p99_seconds}.
   *
   * @param maximum the largest accepted 99th percentile
   * @return the gate
   */
  static Gate latencyAtMost(Duration maximum) {
    return atMost("latency_p99_seconds", maximum.toNanos() / 1e9);
  }

  /**
   * Asks for the approval of each of the named actors for this version and alias.
   *
   * @param approvers their names
   * @return the gate
   */
  static Gate approvedBy(String... approvers) {
    return Gates.approvedBy(new TreeSet<>(Set.of(approvers)));
  }

  /**
   * Asks that no drift was seen since some time, so that the test rows still stand for live data.
   *
   * @param since the start of the time looked at
   * @param evidence asks the drift monitor
   * @return the gate; it rejects with the findings, and where too little was measured
   */
  static Gate noDriftSince(Instant since, DriftEvidence evidence) {
    return Gates.noDriftSince(requireNonNull(since, "since"), requireNonNull(evidence, "evidence"));
  }

  private static double requireNumber(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidInputException(name + " must be a finite number, got " + value);
    }
    return value;
  }
}
