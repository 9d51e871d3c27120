package dev.mlops.training.tribuo;

import dev.mlops.training.Trainer;
import dev.mlops.training.TrainingListener;
import dev.mlops.training.internal.Learner.Problem;
import java.util.Optional;
import org.tribuo.Output;
import org.tribuo.common.tree.DecisionTreeTrainer;
import org.tribuo.ensemble.EnsembleCombiner;

/** Makes single trees and forests, of classes and of quantities alike. */
final class Trees {
  private Trees() {}

  /** Makes Tribuo's tree of one kind of output. */
  @FunctionalInterface
  interface Cart<T extends Output<T>> {
    DecisionTreeTrainer<T> of(
        int maxDepth, double minChildWeight, double featureShare, boolean randomSplits);
  }

  /** What random forests and extremely randomised trees have in common. */
  private record Forest(
      int trees, int maxDepth, double minLeafRows, double featureShare, boolean randomSplits) {}

  /**
   * Makes the trainer of a tree or a forest.
   *
   * @param usual how many features a forest tries at each split if none was asked for
   * @return empty if the trainer is for another kind of model
   */
  static <T extends Output<T>> Optional<org.tribuo.Trainer<T>> of(
      Trainer trainer,
      Problem problem,
      Cart<T> cart,
      EnsembleCombiner<T> combiner,
      double usual,
      TrainingListener listener) {
    if (trainer instanceof Trainer.DecisionTree tree) {
      return Optional.of(cart.of(depth(tree.maxDepth()), tree.minLeafRows(), 1, false));
    }
    return forest(trainer).map(forest -> {
      int width = problem.featureNames().size();
      DecisionTreeTrainer<T> tree = cart.of(
          depth(forest.maxDepth),
          forest.minLeafRows,
          featureShare(forest.featureShare, width, usual),
          forest.randomSplits);
      return new CountedForest<>(tree, combiner, forest.trees, problem.seed(), listener);
    });
  }

  private static Optional<Forest> forest(Trainer trainer) {
    if (trainer instanceof Trainer.RandomForest f) {
      return Optional.of(
          new Forest(f.trees(), f.maxDepth(), f.minLeafRows(), f.featureShare(), false));
    } else if (trainer instanceof Trainer.ExtraTrees f) {
      return Optional.of(
          new Forest(f.trees(), f.maxDepth(), f.minLeafRows(), f.featureShare(), true));
    }
    return Optional.empty();
  }

  /** Tribuo has no word for unlimited. */
  static int depth(int maxDepth) {
    return maxDepth == 0 ? Integer.MAX_VALUE : maxDepth;
  }

  /**
   * The part of the features to try at each split. Tribuo's forests insist on less than all, and on
   * at least one.
   */
  private static double featureShare(double wanted, int width, double usual) {
    double share = wanted == 0 ? usual / width : wanted;
    return Math.min(Math.max(share, 1.0 / width), Math.nextDown(1f));
  }
}
