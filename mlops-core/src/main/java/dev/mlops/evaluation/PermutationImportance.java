package dev.mlops.evaluation;

import dev.mlops.data.Feature;
import dev.mlops.data.Table;
import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * How much worse any model gets when one feature's values are shuffled among the rows (Breiman
 * 2001; Fisher, Rudin, Dominici 2019). Features that say the same share their importance, so each
 * may look unimportant.
 */
public final class PermutationImportance {
  private PermutationImportance() {}

  /**
   * One feature's importance.
   *
   * @param feature the feature's name
   * @param mean the mean change of the metric by shuffling, positive where the model gets worse
   * @param deviation the standard deviation over repeats, with n - 1 below the fraction
   */
  public record Importance(String feature, double mean, double deviation) {}

  /**
   * Measures every feature.
   *
   * @param predictor the model
   * @param table rows with known answers, best ones that the model was not trained on
   * @param metric such as {@code roc_auc}; {@code log_loss, brier, calibration_error, rmse} and
   *     {@code mae} count as better when lower
   * @param repeats how often each feature is shuffled, at least 1
   * @param seed the seed of the shuffles
   * @return one per feature, the most important first
   */
  public static List<Importance> of(
      Predictor predictor, Table table, String metric, int repeats, long seed) {
    if (repeats < 1) {
      throw new InvalidInputException("repeats must be >= 1, got " + repeats);
    }
    double base = Evaluation.of(predictor, table).metric(metric);
    double sign = MetricDirection.lowerIsBetter(metric) ? -1 : 1;
    List<Importance> importances = new ArrayList<>();
    for (int j = 0; j < table.schema().width(); j++) {
      Feature feature = table.schema().features().get(j);
      Random random = Shuffle.random(Shuffle.derive(seed, j));
      double[] column = table.column(feature.name());
      double[] drops = new double[repeats];
      for (int r = 0; r < repeats; r++) {
        int[] order = IntStream.range(0, column.length).toArray();
        Shuffle.inPlace(order, random);
        Table shuffled = table.with(
            feature.name(), Arrays.stream(order).mapToDouble(i -> column[i]).toArray());
        drops[r] = sign * (base - Evaluation.of(predictor, shuffled).metric(metric));
      }
      double mean = Arrays.stream(drops).average().orElseThrow();
      double squares = Arrays.stream(drops).map(d -> (d - mean) * (d - mean)).sum();
      importances.add(new Importance(
          feature.name(), mean, repeats == 1 ? 0 : Math.sqrt(squares / (repeats - 1))));
    }
    importances.sort(Comparator.comparingDouble(Importance::mean).reversed());
    return List.copyOf(importances);
  }
}
