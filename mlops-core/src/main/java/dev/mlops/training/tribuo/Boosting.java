package dev.mlops.training.tribuo;

import dev.mlops.training.Trainer;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/** XGBoost, whose modules are optional: only this class names them. */
final class Boosting {
  /** One thread, so that sums are always added in one order. */
  private static final int THREADS = 1;

  private Boosting() {}

  static XGBoostClassificationTrainer classes(Trainer.GradientBoostedTrees trees, long seed) {
    return new XGBoostClassificationTrainer(
        trees.trees(),
        trees.learningRate(),
        0,
        trees.maxDepth(),
        trees.minChildWeight(),
        trees.rowShare(),
        trees.featureShare(),
        trees.l2(),
        0,
        THREADS,
        true,
        nativeSeed(seed));
  }

  static XGBoostRegressionTrainer quantities(Trainer.GradientBoostedTrees trees, long seed) {
    return new XGBoostRegressionTrainer(
        XGBoostRegressionTrainer.RegressionType.LINEAR,
        trees.trees(),
        trees.learningRate(),
        0,
        trees.maxDepth(),
        trees.minChildWeight(),
        trees.rowShare(),
        trees.featureShare(),
        trees.l2(),
        0,
        THREADS,
        true,
        nativeSeed(seed));
  }

  /** XGBoost reads its seed as a non-negative int. */
  private static long nativeSeed(long seed) {
    return (seed ^ (seed >>> 32)) & Integer.MAX_VALUE;
  }
}
