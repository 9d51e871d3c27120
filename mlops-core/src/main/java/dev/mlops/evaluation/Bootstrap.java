package dev.mlops.evaluation;

import dev.mlops.data.Target;
import dev.mlops.evaluation.internal.Resampling;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

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
    Resampling.requireEnough(resamples);
    Map<String, double[]> values = new TreeMap<>();
    Resampling.draw(
        strata(evaluation),
        resamples,
        seed,
        (rows, draw) -> metrics
            .apply(rows)
            .forEach((name, value) ->
                values.computeIfAbsent(name, n -> new double[resamples])[draw] = value));
    Map<String, Interval> intervals = new TreeMap<>();
    values.forEach((name, drawn) -> intervals.put(name, percentiles(drawn)));
    return Collections.unmodifiableMap(intervals);
  }

  private static List<int[]> strata(Evaluation evaluation) {
    double[] targets = evaluation.rawTargets();
    return evaluation.schema().target() instanceof Target.Classes
        ? Resampling.byClass(targets, evaluation.schema().outputs())
        : Resampling.together(targets.length);
  }

  private static Interval percentiles(double[] values) {
    for (double value : values) {
      if (Double.isNaN(value)) {
        return new Interval(Double.NaN, Double.NaN);
      }
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Interval(Resampling.quantile(sorted, TAIL), Resampling.quantile(sorted, 1 - TAIL));
  }
}
