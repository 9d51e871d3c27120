package dev.mlops.training.tribuo;

import dev.mlops.training.TrainingListener;
import org.tribuo.Output;
import org.tribuo.common.tree.DecisionTreeTrainer;
import org.tribuo.common.tree.ExtraTreesTrainer;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.ensemble.BaggingTrainer;
import org.tribuo.ensemble.EnsembleCombiner;

/** Forests that tell their progress. */
final class Trees {
  private Trees() {}

  /** Returns a forest; with random split points it is one of extremely randomised trees. */
  static <T extends Output<T>> BaggingTrainer<T> forest(
      DecisionTreeTrainer<T> tree,
      EnsembleCombiner<T> combiner,
      int trees,
      long seed,
      TrainingListener listener) {
    return tree.getUseRandomSplitPoints()
        ? new ExtraTreesTrainer<>(tree, combiner, trees, seed)
        : new RandomForestTrainer<>(tree, combiner, trees, seed);
  }

  /**
   * The part of the features to try at each split. Tribuo's forests insist on less than all, and on
   * at least one.
   */
  static double featureShare(double wanted, int width, double usual) {
    double share = wanted == 0 ? usual / width : wanted;
    return Math.min(Math.max(share, 1.0 / width), Math.nextDown(1f));
  }
}
