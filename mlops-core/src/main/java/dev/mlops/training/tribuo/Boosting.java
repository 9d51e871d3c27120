package dev.mlops.training.tribuo;

import dev.mlops.training.Trainer;
import org.tribuo.Dataset;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/**
 * XGBoost, whose modules are optional: only this class names them, also as the kind of what a
 * method returns, because that is enough for the JVM to look for them before anything is trained.
 */
final class Boosting {
  /** One thread, so that sums are always added in one order. */
  private static final int THREADS = 1;

  private Boosting() {}

  static Model<Label> classes(Trainer.GradientBoostedTrees trees, Dataset<Label> data, long seed) {
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
            nativeSeed(seed))
        .train(data);
  }

  static Model<Regressor> quantities(
      Trainer.GradientBoostedTrees trees, Dataset<Regressor> data, long seed) {
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
            nativeSeed(seed))
        .train(data);
  }

  /** XGBoost reads its seed as a non-negative int. */
  private static long nativeSeed(long seed) {
    return (seed ^ (seed >>> 32)) & Integer.MAX_VALUE;
  }
}
