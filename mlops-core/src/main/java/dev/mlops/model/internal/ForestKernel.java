package dev.mlops.model.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decision trees and a rule that combines their leaves.
 *
 * <p>Absent values: in models without a rule for them they read as 0, as in a sparse vector;
 * boosted trees follow the direction each split was trained with. Both are off the usual path.
 */
public final class ForestKernel implements Kernel {
  private final LeafRule rule;
  private final int inputs;
  private final int trees;
  private final int nodes;
  private final TreeWalk walk;
  private final ScratchPool<double[]> scratch;

  ForestKernel(int inputs, FlatTrees trees, LeafRule rule) {
    this.inputs = inputs;
    this.trees = trees.trees();
    this.nodes = trees.nodes().length;
    this.rule = rule;
    this.walk = TreeWalk.of(trees, rule, inputs);
    this.scratch = ScratchPool.ofDoubles(inputs);
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return rule.outputs();
  }

  @Override
  public void score(double[] x, double[] scores) {
    if (Rows.allFinite(x) || Rows.absent(x) == 0) {
      walk.score(x, scores);
    } else if (rule.followsMissing()) {
      walk.scoreWithAbsent(x, scores);
    } else {
      double[] dense = scratch.borrow();
      Rows.copyAbsentAsZero(x, dense);
      walk.score(dense, scores);
      scratch.giveBack(dense);
    }
  }

  @Override
  public void write(FlatWriter out) {
    out.putInt(inputs);
    rule.write(out);
    collect().write(out);
  }

  /** Returns the trees as they are stored. */
  FlatTrees collect() {
    return walk.trees();
  }

  static ForestKernel read(FlatReader in) {
    int inputs = in.getInt("inputs of a forest", 1, FlatTrees.MAX_INPUTS);
    LeafRule rule = LeafRule.read(in);
    FlatTrees trees = FlatTrees.read(in, inputs);
    rule.check(trees);
    return new ForestKernel(inputs, trees, rule);
  }

  @Override
  public Optional<Additive> additive() {
    List<TreeNode> roots = collect().roots();
    return rule.leaves(roots).map(sums -> new Additive.Trees(roots, sums, rule.followsMissing()));
  }

  @Override
  public double tolerance() {
    return rule.tolerance();
  }

  @Override
  public String describe() {
    return String.format(Locale.ROOT, "%s, %d trees, %d nodes", rule.describe(), trees, nodes);
  }
}
