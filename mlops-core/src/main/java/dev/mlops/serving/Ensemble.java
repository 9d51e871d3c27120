package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.ScratchPool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several models over the same rows, answering as one. Immutable, safe for use by several threads,
 * and free of allocation if its members are. Closing it closes its members.
 */
public final class Ensemble implements Predictor {

  /**
   * Combines the members' scores of one row; {@code one} has a place for each score of a member.
   */
  private interface Combination {
    void combine(List<Predictor> members, double[] row, double[] scores, double[] one);
  }

  private final List<Predictor> members;
  private final Schema schema;
  private final boolean probabilities;
  private final String name;
  private final Combination combination;
  private final ScratchPool<double[]> scratch;

  private Ensemble(
      List<Predictor> members,
      Schema schema,
      boolean probabilities,
      String name,
      Combination combination,
      int work) {
    this.members = members;
    this.schema = schema;
    this.probabilities = probabilities;
    this.name = name;
    this.combination = combination;
    this.scratch = ScratchPool.ofDoubles(work);
  }

  /**
   * Averages the members' scores.
   *
   * @param members at least one, all with the same schema
   * @return the ensemble
   */
  public static Ensemble mean(List<? extends Predictor> members) {
    double[] weights = new double[members.size()];
    Arrays.fill(weights, 1);
    return weighted(members, weights);
  }

  /**
   * Averages the members' scores by weight.
   *
   * @param members at least one, all with the same schema
   * @param weights one per member, at least 0 and not all 0; copied
   * @return the ensemble
   */
  public static Ensemble weighted(List<? extends Predictor> members, double[] weights) {
    Schema schema = common(members);
    double[] shares = shares(members.size(), weights);
    int outputs = schema.outputs();
    return new Ensemble(
        List.copyOf(members),
        schema,
        members.stream().allMatch(Predictor::givesProbabilities),
        "mean",
        (all, row, scores, one) -> {
          Arrays.fill(scores, 0.0);
          for (int m = 0; m < shares.length; m++) {
            all.get(m).predict(row, one);
            for (int k = 0; k < outputs; k++) {
              scores[k] += shares[m] * one[k];
            }
          }
        },
        outputs);
  }

  /**
   * Lets each member vote for its highest score, the first of equal ones; scores are the shares of
   * the votes.
   *
   * @param members at least one, all with the same schema of classes
   * @return the ensemble
   */
  public static Ensemble vote(List<? extends Predictor> members) {
    Schema schema = common(members);
    if (!(schema.target() instanceof Target.Classes)) {
      throw new InvalidInputException(
          "a vote needs classes, but '" + schema.target().name() + "' is a quantity");
    }
    double share = 1.0 / members.size();
    return new Ensemble(
        List.copyOf(members),
        schema,
        false,
        "vote",
        (all, row, scores, one) -> {
          Arrays.fill(scores, 0.0);
          for (Predictor member : all) {
            member.predict(row, one);
            scores[Prediction.highest(one)] += share;
          }
        },
        schema.outputs());
  }

  /**
   * Gives the members' scores, one member after the other, to a last model as its row.
   *
   * @param members at least one, all with the same features
   * @param last the model that decides; it has one feature per score of each member
   * @return the ensemble
   */
  public static Ensemble stacking(List<? extends Predictor> members, Predictor last) {
    requireNonNull(last, "last");
    Schema first = common(members);
    int outputs = first.outputs();
    int width = outputs * members.size();
    if (last.schema().width() != width) {
      throw new InvalidInputException("the last model of a stack of " + members.size()
          + " models must have " + width + " features, got " + last.schema().width());
    }
    ScratchPool<double[]> stacked = ScratchPool.ofDoubles(width);
    return new Ensemble(
        Stream.concat(members.stream(), Stream.of(last))
            .map(Predictor.class::cast)
            .toList(),
        new Schema(first.features(), last.schema().target()),
        last.givesProbabilities(),
        "stacking",
        (all, row, scores, one) -> {
          double[] stack = stacked.borrow();
          for (int m = 0; m < all.size() - 1; m++) {
            all.get(m).predict(row, one);
            System.arraycopy(one, 0, stack, m * outputs, outputs);
          }
          last.predict(stack, scores);
          stacked.giveBack(stack);
        },
        outputs);
  }

  private static Schema common(List<? extends Predictor> members) {
    if (members.isEmpty()) {
      throw new InvalidInputException("an ensemble needs at least one member, got none");
    }
    Schema schema = members.get(0).schema();
    for (int m = 1; m < members.size(); m++) {
      if (!members.get(m).schema().equals(schema)) {
        throw new InvalidInputException(
            "members of an ensemble must have one schema, but member " + m + " differs");
      }
    }
    return schema;
  }

  private static double[] shares(int members, double[] weights) {
    if (weights.length != members) {
      throw new InvalidInputException(
          "an ensemble of " + members + " needs as many weights, got " + weights.length);
    }
    double total = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new InvalidInputException("a weight must be finite and >= 0, got " + weight);
      }
      total += weight;
    }
    if (total == 0) {
      throw new InvalidInputException("the weights of an ensemble must not all be 0");
    }
    double[] shares = new double[members];
    for (int m = 0; m < members; m++) {
      shares[m] = weights[m] / total;
    }
    return shares;
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean givesProbabilities() {
    return probabilities;
  }

  @Override
  public void predict(double[] row, double[] scores) {
    if (row.length != schema.width() || scores.length != schema.outputs()) {
      throw new IllegalArgumentException("a row needs " + schema.width() + " values and "
          + schema.outputs() + " scores, got " + row.length + " and " + scores.length);
    }
    double[] one = scratch.borrow();
    combination.combine(members, row, scores, one);
    scratch.giveBack(one);
  }

  @Override
  public String describe() {
    return name + " of " + members.stream().map(Predictor::describe).toList();
  }

  @Override
  public void close() {
    members.forEach(Predictor::close);
  }
}
