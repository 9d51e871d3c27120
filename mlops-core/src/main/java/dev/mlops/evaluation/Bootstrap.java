package dev.mlops.evaluation;

import dev.mlops.data.Target;
import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * 95 % percentile intervals by the bootstrap (Efron 1979): rows are drawn with replacement and the
 * metrics computed again. With classes the draw is stratified, so that every class keeps its number
 * of rows. Below about 50 rows of a class the intervals are too narrow; none is given for a metric
 * that is not defined on the rows.
 */
public final class Bootstrap {
  private static final double TAIL = 0.025;

  private Bootstrap() {}

  /**
   * Computes an interval for every metric.
   *
   * @param evaluation the evaluation
   * @param resamples how many draws, at least 100; 1,000 is usual
   * @param seed the seed of the draws
   * @return intervals by metric
   */
  public static Map<String, Interval> intervals(Evaluation evaluation, int resamples, long seed) {
    return intervals(
        evaluation, resamples, seed, rows -> evaluation.select(rows).metrics());
  }

  /**
   * Computes an interval for the difference of every metric between two models on the same rows,
   * drawn together.
   *
   * @param a the first model's evaluation
   * @param b the second model's evaluation of the same rows
   * @param resamples how many draws, at least 100
   * @param seed the seed of the draws
   * @return intervals of {@code a - b} by metric, for the metrics that both have
   */
  static Map<String, Interval> differences(Evaluation a, Evaluation b, int resamples, long seed) {
    return intervals(a, resamples, seed, rows -> {
      Map<String, Double> first = new HashMap<>(a.select(rows).metrics());
      Map<String, Double> second = b.select(rows).metrics();
      first.keySet().retainAll(second.keySet());
      first.replaceAll((name, value) -> value - second.getOrDefault(name, Double.NaN));
      return first;
    });
  }

  private static Map<String, Interval> intervals(
      Evaluation evaluation,
      int resamples,
      long seed,
      Function<int[], Map<String, Double>> metrics) {
    if (resamples < 100) {
      throw new InvalidInputException("resamples must be >= 100, got " + resamples);
    }
    List<int[]> strata = strata(evaluation);
    Map<String, double[]> values = new TreeMap<>();
    Random random = Shuffle.random(seed);
    for (int r = 0; r < resamples; r++) {
      int draw = r;
      metrics
          .apply(draw(strata, evaluation.size(), random))
          .forEach((name, value) ->
              values.computeIfAbsent(name, n -> new double[resamples])[draw] = value);
    }
    Map<String, Interval> intervals = new TreeMap<>();
    values.forEach((name, drawn) -> intervals.put(name, percentiles(drawn)));
    return Collections.unmodifiableMap(intervals);
  }

  private static List<int[]> strata(Evaluation evaluation) {
    double[] targets = evaluation.rawTargets();
    if (!(evaluation.schema().target() instanceof Target.Classes)) {
      return List.of(IntStream.range(0, targets.length).toArray());
    }
    return IntStream.range(0, evaluation.schema().outputs())
        .mapToObj(c -> IntStream.range(0, targets.length)
            .filter(i -> (int) targets[i] == c)
            .toArray())
        .filter(rows -> rows.length > 0)
        .toList();
  }

  private static int[] draw(List<int[]> strata, int size, Random random) {
    int[] drawn = new int[size];
    int n = 0;
    for (int[] rows : strata) {
      for (int i = 0; i < rows.length; i++) {
        drawn[n++] = rows[random.nextInt(rows.length)];
      }
    }
    return drawn;
  }

  private static Interval percentiles(double[] values) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        return new Interval(Double.NaN, Double.NaN);
      }
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Interval(quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /** Hyndman and Fan's type 7. */
  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
