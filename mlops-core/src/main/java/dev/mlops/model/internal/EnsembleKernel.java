package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Models of any kind over the same inputs, combined as the training library combines them. */
public final class EnsembleKernel implements Kernel {

  /** How members' scores become the ensemble's. */
  public enum Combination {
    /** Each member votes with its weight for its highest score, the first of equal ones. */
    VOTE,
    /** Weighted scores, divided by their sum. */
    SHARE,
    /** Weighted mean of one number. */
    MEAN
  }

  private final List<Kernel> members;
  private final double[] weights;
  private final Combination combination;
  private final int[] order;
  private final ScratchPool<double[]> scratch;
  private final int outputs;

  /**
   * Creates an ensemble.
   *
   * @param members at least one, all with the same inputs and outputs
   * @param weights one per member
   * @param combination how to combine
   * @param order the outputs in the order in which scores are compared and summed
   */
  public EnsembleKernel(
      List<Kernel> members, double[] weights, Combination combination, int[] order) {
    this.members = List.copyOf(members);
    this.weights = weights.clone();
    this.combination = combination;
    this.order = order.clone();
    this.outputs = members.get(0).outputs();
    this.scratch = ScratchPool.ofDoubles(outputs);
  }

  List<Kernel> members() {
    return members;
  }

  @Override
  public int inputs() {
    return members.get(0).inputs();
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public void score(double[] x, double[] scores) {
    // The scratch array has exactly one place per output, as members expect.
    double[] one = scratch.borrow();
    Arrays.fill(scores, 0.0);
    double total = 0;
    for (int m = 0; m < weights.length; m++) {
      members.get(m).score(x, one);
      double weight = weights[m];
      switch (combination) {
        case VOTE -> {
          scores[highest(one)] += weight;
          total += weight;
        }
        case SHARE -> {
          for (int k : order) {
            double share = weight * one[k];
            total += share;
            scores[k] += share;
          }
        }
        case MEAN -> {
          total += weight;
          scores[0] += weight / total * (one[0] - scores[0]);
        }
      }
    }
    if (combination != Combination.MEAN) {
      for (int k = 0; k < outputs; k++) {
        scores[k] /= total;
      }
    }
    scratch.giveBack(one);
  }

  private int highest(double[] scores) {
    int best = order[0];
    for (int k : order) {
      if (scores[k] > scores[best]) {
        best = k;
      }
    }
    return best;
  }

  /** That of the member that is furthest off; a combination with weights adds nothing to it. */
  @Override
  public double tolerance() {
    return members.stream().mapToDouble(Kernel::tolerance).max().orElse(0);
  }

  @Override
  public void write(FlatWriter out) {
    out.putByte(combination.ordinal());
    out.putDoubles(weights);
    out.putInts(order);
    for (Kernel member : members) {
      KernelCodec.write(member, out);
    }
  }

  static EnsembleKernel read(FlatReader in, int depth) {
    int combination = in.getByte();
    if (combination < 0 || combination >= Combination.values().length) {
      throw new CorruptException("flat model: unknown combination " + combination);
    }
    double[] weights = in.getDoubles();
    FlatReader.require(weights.length > 0, "an ensemble needs a member");
    int[] order = in.getInts();
    List<Kernel> members = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Kernel member = KernelCodec.read(in, depth);
      FlatReader.require(
          i == 0
              || (member.inputs() == members.get(0).inputs()
                  && member.outputs() == members.get(0).outputs()),
          "members of an ensemble do not agree");
      members.add(member);
    }
    int outputs = members.get(0).outputs();
    FlatReader.require(
        Arrays.stream(order)
            .sorted()
            .boxed()
            .toList()
            .equals(java.util.stream.IntStream.range(0, outputs).boxed().toList()),
        "an ensemble's order is not a permutation");
    FlatReader.require(
        Combination.values()[combination] != Combination.MEAN || outputs == 1,
        "a mean has one number");
    return new EnsembleKernel(members, weights, Combination.values()[combination], order);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT, "ensemble of %d: %s", weights.length, members.get(0).describe());
  }
}
