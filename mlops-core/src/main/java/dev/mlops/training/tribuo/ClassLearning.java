package dev.mlops.training.tribuo;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Trainer;
import dev.mlops.training.TrainingListener;
import dev.mlops.training.internal.Learner.Problem;
import dev.mlops.training.internal.Scorer;
import java.util.HashMap;
import java.util.Map;
import org.tribuo.Dataset;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.AdaBoostTrainer;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/** Fits classifiers. A trainer is built anew each time, which makes its result reproducible. */
final class ClassLearning {
  private static final LabelFactory LABELS = new LabelFactory();

  private ClassLearning() {}

  static Scorer fit(
      Trainer trainer, Problem problem, Target.Classes target, TrainingListener listener) {
    Dataset<Label> data = dataset(problem, target);
    Model<Label> model = fitModel(trainer, problem, data, listener);
    boolean probabilities = trainer instanceof Trainer.RandomForest
        || trainer instanceof Trainer.ExtraTrees
        || trainer instanceof Trainer.DecisionTree
        || model.generatesProbabilities() && !(trainer instanceof Trainer.AdaBoost);
    return new ClassScorer(
        model, problem.featureNames(), target.classes(), probabilities, problem.schema());
  }

  private static Dataset<Label> dataset(Problem problem, Target.Classes target) {
    var data = new MutableDataset<Label>(new SimpleDataSourceProvenance("table", LABELS), LABELS);
    String[] names = problem.featureNames().toArray(String[]::new);
    for (int i = 0; i < problem.vectors().length; i++) {
      Label label = new Label(target.classes().get((int) problem.targets()[i]));
      var example = new ArrayExample<>(label, names, problem.vectors()[i]);
      example.setWeight((float) problem.weights()[i]);
      data.add(example);
    }
    return data;
  }

  private static Model<Label> fitModel(
      Trainer trainer, Problem problem, Dataset<Label> data, TrainingListener listener) {
    long seed = problem.seed();
    int width = problem.featureNames().size();
    Trees.Cart<Label> cart = (maxDepth, minChildWeight, featureShare, randomSplits) ->
        cart(maxDepth, minChildWeight, featureShare, randomSplits, seed);
    var trees = Trees.of(
        trainer, problem, cart, new FullyWeightedVotingCombiner(), Math.sqrt(width), listener);
    if (trees.isPresent()) {
      return trees.get().train(data);
    }
    if (trainer instanceof Trainer.AdaBoost boost) {
      var tree = cart(boost.maxDepth(), boost.minChildWeight(), 1, false, seed);
      return new AdaBoostTrainer(
              new CountedTrainer<>(tree, boost.trees(), listener), boost.trees(), seed)
          .train(data);
    }
    listener.progress(TrainingListener.FIT, 0, 1);
    Model<Label> model = fitWhole(trainer, problem, data, seed);
    listener.progress(TrainingListener.FIT, 1, 1);
    return model;
  }

  private static Model<Label> fitWhole(
      Trainer trainer, Problem problem, Dataset<Label> data, long seed) {
    if (trainer instanceof Trainer.LogisticRegression regression) {
      return new LinearSGDTrainer(
              new LogMulticlass(),
              Optimisers.of(regression.optimiser(), regression.learningRate(), 1),
              regression.epochs(),
              -1,
              1,
              seed)
          .train(data);
    } else if (trainer instanceof Trainer.RbfSvm svm) {
      return svm(svm, problem, data);
    } else if (trainer instanceof Trainer.GradientBoostedTrees trees) {
      return Boosting.classes(trees, data, seed);
    }
    throw new InvalidInputException("%s learns quantities, label '%s' has classes"
        .formatted(trainer.getClass().getSimpleName(), problem.schema().target().name()));
  }

  private static CARTClassificationTrainer cart(
      int maxDepth, double minChildWeight, double share, boolean randomSplits, long seed) {
    return new CARTClassificationTrainer(
        maxDepth, (float) minChildWeight, 0f, (float) share, randomSplits, new GiniIndex(), seed);
  }

  private static Model<Label> svm(Trainer.RbfSvm svm, Problem problem, Dataset<Label> data) {
    LibSvmSilence.ensure();
    var parameters = new SVMParameters<>(
        new SVMClassificationType(SVMClassificationType.SVMMode.C_SVC), KernelType.RBF);
    parameters.setCost(svm.cost());
    parameters.setGamma(svm.gamma() == 0 ? 1.0 / problem.featureNames().size() : svm.gamma());
    parameters.setProbability();
    var trainer = new LibSVMClassificationTrainer(parameters, problem.seed());
    trainer.setLabelWeights(classWeights(problem, data));
    return trainer.train(data);
  }

  /** LibSVM takes weights by class, not by row; all rows of a class have one weight. */
  private static Map<Label, Float> classWeights(Problem problem, Dataset<Label> data) {
    Map<Label, Float> weights = new HashMap<>();
    for (int i = 0; i < problem.weights().length; i++) {
      if (problem.weights()[i] != 1) {
        weights.put(data.getExample(i).getOutput(), (float) problem.weights()[i]);
      }
    }
    return weights;
  }
}
