package dev.mlops.training.tribuo;

import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Trainer;
import dev.mlops.training.TrainingListener;
import dev.mlops.training.internal.Learner.Problem;
import dev.mlops.training.internal.Scorer;
import java.util.Arrays;
import org.tribuo.Dataset;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.libsvm.LibSVMRegressionTrainer;
import org.tribuo.regression.libsvm.SVMRegressionType;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/** Fits regressions. A trainer is built anew each time, which makes its result reproducible. */
final class QuantityLearning {
  private static final RegressionFactory REGRESSORS = new RegressionFactory();

  /** LibSVM's usual half-width of the tube in which errors do not count. */
  private static final double TUBE = 0.1;

  private QuantityLearning() {}

  static Scorer fit(Trainer trainer, Problem problem, TrainingListener listener) {
    Dataset<Regressor> data = dataset(problem);
    return new QuantityScorer(
        fitModel(trainer, problem, data, listener), problem.featureNames(), problem.schema());
  }

  private static Dataset<Regressor> dataset(Problem problem) {
    var data = new MutableDataset<Regressor>(
        new SimpleDataSourceProvenance("table", REGRESSORS), REGRESSORS);
    String[] names = problem.featureNames().toArray(String[]::new);
    String target = problem.schema().target().name();
    for (int i = 0; i < problem.vectors().length; i++) {
      data.add(new ArrayExample<>(
          new Regressor(target, problem.targets()[i]), names, problem.vectors()[i]));
    }
    return data;
  }

  private static Model<Regressor> fitModel(
      Trainer trainer, Problem problem, Dataset<Regressor> data, TrainingListener listener) {
    long seed = problem.seed();
    int width = problem.featureNames().size();
    Trees.Cart<Regressor> cart = (maxDepth, minChildWeight, featureShare, randomSplits) ->
        cart(maxDepth, minChildWeight, featureShare, randomSplits, seed);
    var trees = Trees.of(trainer, problem, cart, new AveragingCombiner(), width / 3.0, listener);
    if (trees.isPresent()) {
      return trees.get().train(data);
    }
    listener.progress(TrainingListener.FIT, 0, 1);
    Model<Regressor> model = fitWhole(trainer, problem, data, seed);
    listener.progress(TrainingListener.FIT, 1, 1);
    return model;
  }

  private static Model<Regressor> fitWhole(
      Trainer trainer, Problem problem, Dataset<Regressor> data, long seed) {
    if (trainer instanceof Trainer.LinearRegression regression) {
      return new LinearSGDTrainer(
              new SquaredLoss(),
              Optimisers.of(regression.optimiser(), regression.learningRate(), deviation(problem)),
              regression.epochs(),
              -1,
              1,
              seed)
          .train(data);
    } else if (trainer instanceof Trainer.RbfSvm svm) {
      return svm(svm, problem, data);
    } else if (trainer instanceof Trainer.GradientBoostedTrees trees) {
      return Boosting.quantities(trees, data, seed);
    }
    throw new InvalidInputException("%s learns classes, label '%s' is a quantity"
        .formatted(trainer.getClass().getSimpleName(), problem.schema().target().name()));
  }

  private static double deviation(Problem problem) {
    double mean = Arrays.stream(problem.targets()).average().orElse(0);
    double variance = Arrays.stream(problem.targets())
        .map(t -> (t - mean) * (t - mean))
        .average()
        .orElse(0);
    if (variance == 0) {
      throw new InvalidInputException("training needs different values of label '%s', all are %s"
          .formatted(problem.schema().target().name(), mean));
    }
    return Math.sqrt(variance);
  }

  /**
   * Cost and tube width are meant for a label of deviation 1 and scaled to the label's own. (Tribuo
   * 4.3.2 can standardise the label itself, but divides by the variance, which leaves it so small
   * that the model is constant.)
   */
  private static Model<Regressor> svm(
      Trainer.RbfSvm svm, Problem problem, Dataset<Regressor> data) {
    LibSvmSilence.ensure();
    double deviation = deviation(problem);
    var parameters = new SVMParameters<>(
        new SVMRegressionType(SVMRegressionType.SVMMode.EPSILON_SVR), KernelType.RBF);
    // setCost would log that this is no classifier
    parameters.getParameters().C = svm.cost() * deviation;
    parameters.getParameters().p = TUBE * deviation;
    parameters.setGamma(svm.gamma() == 0 ? 1.0 / problem.featureNames().size() : svm.gamma());
    return new LibSVMRegressionTrainer(parameters, false, problem.seed()).train(data);
  }

  private static CARTRegressionTrainer cart(
      int maxDepth, double minChildWeight, double share, boolean randomSplits, long seed) {
    return new CARTRegressionTrainer(
        maxDepth,
        (float) minChildWeight,
        0f,
        (float) share,
        randomSplits,
        new MeanSquaredError(),
        seed);
  }
}
