package dev.mlops.evaluation;

import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Two models on the same rows, such as a challenger and the champion. Immutable.
 *
 * @param differences the first model's metric less the second's, by metric
 * @param intervals 95 % paired bootstrap intervals of the differences, by metric
 * @param auc DeLong's test of the areas, for two classes with at least two rows of either
 */
public record Comparison(
    Map<String, Double> differences, Map<String, Interval> intervals, Optional<DeLong.Test> auc) {
  /** Creates a comparison. */
  public Comparison {
    differences = Collections.unmodifiableMap(new TreeMap<>(differences));
    intervals = Collections.unmodifiableMap(new TreeMap<>(intervals));
  }

  /**
   * Compares two evaluations.
   *
   * @param first the first model's evaluation
   * @param second the second model's evaluation of the same rows in the same order
   * @param resamples bootstrap draws, at least 100
   * @param seed the seed of the draws
   * @return the comparison
   * @throws InvalidInputException if the rows or labels differ
   */
  public static Comparison of(Evaluation first, Evaluation second, int resamples, long seed) {
    if (!first.schema().target().equals(second.schema().target())
        || !Arrays.equals(first.rawTargets(), second.rawTargets())) {
      throw new InvalidInputException(
          "only evaluations of the same rows and labels can be compared");
    }
    Map<String, Double> differences = new TreeMap<>();
    first.metrics().forEach((name, value) -> {
      Double other = second.metrics().get(name);
      if (other != null) {
        differences.put(name, value - other);
      }
    });
    return new Comparison(
        differences, Bootstrap.differences(first, second, resamples, seed), auc(first, second));
  }

  private static Optional<DeLong.Test> auc(Evaluation first, Evaluation second) {
    if (!DeLong.appliesTo(first)) {
      return Optional.empty();
    }
    return Optional.of(DeLong.compare(first.positives(1), first.scoresOf(1), second.scoresOf(1)));
  }

  /**
   * Tells whether the first model is better by more than chance.
   *
   * @param metric the metric's name
   * @return true if the 95 % interval of the difference lies wholly on the better side of 0
   */
  public boolean isBetter(String metric) {
    Interval interval = intervals.get(metric);
    if (interval == null) {
      throw new dev.mlops.error.NotFoundException(
          "no metric '" + metric + "'; there are " + intervals.keySet());
    }
    return MetricDirection.lowerIsBetter(metric) ? interval.high() < 0 : interval.low() > 0;
  }
}
