package dev.mlops.explanation;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.NotFoundException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much each feature of one row moved each output away from the model's mean output: Shapley
 * values. For every output the baseline and the contributions of all features sum to the value.
 * Immutable.
 */
public final class Explanation {

  /** What the values mean. */
  public enum Scale {
    /** The model's scores, or the quantity that it predicts. */
    SCORE,
    /**
     * The sums that a link makes scores of: of classes, logarithms of odds, up to a constant that
     * all classes share (of two classes, each has half of the log odds between them or its own
     * sum); of a quantity, the sum before its logistic or exponential link.
     */
    MARGIN
  }

  /**
   * One feature's part.
   *
   * @param feature the feature's name
   * @param amount how much it moved the output
   */
  public record Contribution(String feature, double amount) {}

  private final Schema schema;
  private final Scale scale;
  private final double[] baselines;
  private final double[][] contributions;

  /**
   * Creates an explanation.
   *
   * @param schema names features and outputs
   * @param scale what the values mean
   * @param baselines one per output
   * @param contributions one array per output with one value per feature; copied
   */
  public Explanation(Schema schema, Scale scale, double[] baselines, double[][] contributions) {
    this.schema = requireNonNull(schema, "schema");
    this.scale = requireNonNull(scale, "scale");
    this.baselines = baselines.clone();
    this.contributions = Arrays.stream(contributions).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Returns what the values mean.
   *
   * @return the scale
   */
  public Scale scale() {
    return scale;
  }

  /**
   * Returns the mean output over the background rows.
   *
   * @param output the index of the class, or 0 for a quantity
   * @return the baseline
   */
  public double baseline(int output) {
    return baselines[output];
  }

  /**
   * Returns what the contributions sum to: the explained output.
   *
   * @param output the index of the class, or 0 for a quantity
   * @return the baseline and all contributions together
   */
  public double value(int output) {
    return baselines[output] + Arrays.stream(contributions[output]).sum();
  }

  /**
   * Returns how much a feature moved an output.
   *
   * @param output the index of the class, or 0 for a quantity
   * @param feature the feature's name
   * @return the contribution
   * @throws NotFoundException if there is no such feature
   */
  public double contribution(int output, String feature) {
    return contributions[output][schema.indexOf(feature)];
  }

  /**
   * Returns all contributions to an output.
   *
   * @param output the index of the class, or 0 for a quantity
   * @return a copy: one value per feature in schema order
   */
  public double[] contributions(int output) {
    return contributions[output].clone();
  }

  /**
   * Returns what moved an output most.
   *
   * @param output the index of the class, or 0 for a quantity
   * @param count how many features at most
   * @return the features with the largest contributions in either direction, largest first
   */
  public List<Contribution> top(int output, int count) {
    double[] amounts = contributions[output];
    return IntStream.range(0, amounts.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer j) -> -Math.abs(amounts[j])))
        .limit(count)
        .map(j -> new Contribution(name(schema.features().get(j)), amounts[j]))
        .toList();
  }

  private static String name(Feature feature) {
    return feature.name();
  }

  @Override
  public String toString() {
    return scale + " " + Arrays.toString(baselines) + " + " + Arrays.deepToString(contributions);
  }
}
