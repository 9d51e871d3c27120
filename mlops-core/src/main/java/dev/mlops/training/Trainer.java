package dev.mlops.training;

import dev.mlops.error.InvalidInputException;

/**
 * Which kind of model to fit, and its settings. A trainer is a value: each setting returns a
 * changed copy, and equal trainers with equal seeds on equal data give equal models. Immutable.
 */
public sealed interface Trainer {

  /**
   * A random forest of 100 unlimited trees.
   *
   * @return the trainer
   */
  static RandomForest randomForest() {
    return new RandomForest(100, 0, 1, 0);
  }

  /**
   * Extremely randomised trees: as a forest, with split points drawn at random.
   *
   * @return the trainer
   */
  static ExtraTrees extraTrees() {
    return new ExtraTrees(100, 0, 1, 0);
  }

  /**
   * One CART tree of depth at most 6.
   *
   * @return the trainer
   */
  static DecisionTree decisionTree() {
    return new DecisionTree(6, 5);
  }

  /**
   * AdaBoost (SAMME) over shallow trees. For classes only.
   *
   * @return the trainer
   */
  static AdaBoost adaBoost() {
    return new AdaBoost(50, 3, 1e-4);
  }

  /**
   * Logistic regression fitted by stochastic gradient descent. For classes only; standardise
   * numbers first.
   *
   * @return the trainer
   */
  static LogisticRegression logisticRegression() {
    return new LogisticRegression(20, Optimiser.ADAGRAD, 1.0);
  }

  /**
   * Linear least squares fitted by stochastic gradient descent. For quantities only; standardise
   * numbers first.
   *
   * @return the trainer
   */
  static LinearRegression linearRegression() {
    return new LinearRegression(50, Optimiser.ADAGRAD, 0.1);
  }

  /**
   * A support vector machine with a Gaussian kernel, cost 1 and gamma 1 / features. Its time grows
   * with the square of the rows; standardise numbers first.
   *
   * @return the trainer
   */
  static RbfSvm rbfSvm() {
    return new RbfSvm(1, 0);
  }

  /**
   * Gradient-boosted trees (XGBoost). Needs the optional dependency
   * {@code org.tribuo:tribuo-classification-xgboost} or, for quantities,
   * {@code org.tribuo:tribuo-regression-xgboost}.
   *
   * @return the trainer
   */
  static GradientBoostedTrees gradientBoostedTrees() {
    return new GradientBoostedTrees(100, 6, 0.1, 1, 1, 1, 1);
  }

  /** How gradient descent chooses its steps. */
  enum Optimiser {
    /** Steps shrink with the squared gradients seen so far (Duchi, Hazan, Singer 2011). */
    ADAGRAD,
    /** Steps shrink with the square root of their number. */
    SGD,
    /** Steps shrink with a moving average of squared gradients (Tieleman, Hinton 2012). */
    RMSPROP,
    /**
     * Refused: Tribuo 4.3.2 multiplies by the second moment where it should divide, which gives
     * wrong models (Tribuo pull request 401).
     */
    ADAM
  }

  /**
   * A random forest: trees on bootstrap samples, each split among a random part of the features,
   * scores averaged.
   *
   * @param trees the number of trees, at least 1
   * @param maxDepth the greatest depth, 0 for no limit
   * @param minLeafRows the least weight of a node that is split, greater than 0
   * @param featureShare the part of the features tried at each split, at most 1; 0 for the square
   *     root of their number (a third for quantities)
   */
  record RandomForest(int trees, int maxDepth, double minLeafRows, double featureShare)
      implements Trainer {
    /** Creates a trainer. */
    public RandomForest {
      Check.forest(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the number of trees.
     *
     * @param trees at least 1
     * @return a copy
     */
    public RandomForest trees(int trees) {
      return new RandomForest(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the greatest depth.
     *
     * @param maxDepth 0 for no limit
     * @return a copy
     */
    public RandomForest maxDepth(int maxDepth) {
      return new RandomForest(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the least weight of a node that is split.
     *
     * @param minLeafRows greater than 0
     * @return a copy
     */
    public RandomForest minLeafRows(double minLeafRows) {
      return new RandomForest(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the part of the features tried at each split.
     *
     * @param featureShare at most 1; 0 for the usual choice
     * @return a copy
     */
    public RandomForest featureShare(double featureShare) {
      return new RandomForest(trees, maxDepth, minLeafRows, featureShare);
    }
  }

  /**
   * Extremely randomised trees (Geurts, Ernst, Wehenkel 2006).
   *
   * @param trees the number of trees, at least 1
   * @param maxDepth the greatest depth, 0 for no limit
   * @param minLeafRows the least weight of a node that is split, greater than 0
   * @param featureShare the part of the features tried at each split, at most 1; 0 for the square
   *     root of their number (a third for quantities)
   */
  record ExtraTrees(int trees, int maxDepth, double minLeafRows, double featureShare)
      implements Trainer {
    /** Creates a trainer. */
    public ExtraTrees {
      Check.forest(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the number of trees.
     *
     * @param trees at least 1
     * @return a copy
     */
    public ExtraTrees trees(int trees) {
      return new ExtraTrees(trees, maxDepth, minLeafRows, featureShare);
    }

    /**
     * Sets the greatest depth.
     *
     * @param maxDepth 0 for no limit
     * @return a copy
     */
    public ExtraTrees maxDepth(int maxDepth) {
      return new ExtraTrees(trees, maxDepth, minLeafRows, featureShare);
    }
  }

  /**
   * One CART tree.
   *
   * @param maxDepth the greatest depth, 0 for no limit
   * @param minLeafRows the least weight of a node that is split, greater than 0
   */
  record DecisionTree(int maxDepth, double minLeafRows) implements Trainer {
    /** Creates a trainer. */
    public DecisionTree {
      Check.atLeast("maxDepth", maxDepth, 0);
      Check.positive("minLeafRows", minLeafRows);
    }

    /**
     * Sets the greatest depth.
     *
     * @param maxDepth 0 for no limit
     * @return a copy
     */
    public DecisionTree maxDepth(int maxDepth) {
      return new DecisionTree(maxDepth, minLeafRows);
    }

    /**
     * Sets the least weight of a node that is split.
     *
     * @param minLeafRows greater than 0
     * @return a copy
     */
    public DecisionTree minLeafRows(double minLeafRows) {
      return new DecisionTree(maxDepth, minLeafRows);
    }
  }

  /**
   * AdaBoost over CART trees.
   *
   * @param trees the number of trees, at least 1
   * @param maxDepth the greatest depth of each, at least 1
   * @param minChildWeight the least weight of a node that is split. Boosting scales all weights to
   *     sum to 1, so it must be well below 1: with CART's usual 5 no tree would ever split and the
   *     model would be constant
   */
  record AdaBoost(int trees, int maxDepth, double minChildWeight) implements Trainer {
    /** Creates a trainer. */
    public AdaBoost {
      Check.atLeast("trees", trees, 1);
      Check.atLeast("maxDepth", maxDepth, 1);
      if (!(minChildWeight > 0 && minChildWeight <= 0.5)) {
        throw new InvalidInputException(
            "AdaBoost's minChildWeight must be greater than 0 and at most 0.5, got "
                + minChildWeight
                + "; weights sum to 1 in boosting, so trees would never split and the model would"
                + " be constant");
      }
    }

    /**
     * Sets the number of trees.
     *
     * @param trees at least 1
     * @return a copy
     */
    public AdaBoost trees(int trees) {
      return new AdaBoost(trees, maxDepth, minChildWeight);
    }

    /**
     * Sets the greatest depth of each tree.
     *
     * @param maxDepth at least 1
     * @return a copy
     */
    public AdaBoost maxDepth(int maxDepth) {
      return new AdaBoost(trees, maxDepth, minChildWeight);
    }

    /**
     * Sets the least weight of a node that is split.
     *
     * @param minChildWeight greater than 0 and at most 0.5
     * @return a copy
     */
    public AdaBoost minChildWeight(double minChildWeight) {
      return new AdaBoost(trees, maxDepth, minChildWeight);
    }
  }

  /**
   * Multinomial logistic regression.
   *
   * @param epochs passes through the data, at least 1
   * @param optimiser how steps are chosen; {@link Optimiser#ADAM} is refused
   * @param learningRate the first step size, greater than 0
   */
  record LogisticRegression(int epochs, Optimiser optimiser, double learningRate)
      implements Trainer {
    /** Creates a trainer. */
    public LogisticRegression {
      Check.descent(epochs, optimiser, learningRate);
    }

    /**
     * Sets the number of passes through the data.
     *
     * @param epochs at least 1
     * @return a copy
     */
    public LogisticRegression epochs(int epochs) {
      return new LogisticRegression(epochs, optimiser, learningRate);
    }

    /**
     * Sets how steps are chosen.
     *
     * @param optimiser not {@link Optimiser#ADAM}
     * @return a copy
     */
    public LogisticRegression optimiser(Optimiser optimiser) {
      return new LogisticRegression(epochs, optimiser, learningRate);
    }

    /**
     * Sets the first step size.
     *
     * @param learningRate greater than 0
     * @return a copy
     */
    public LogisticRegression learningRate(double learningRate) {
      return new LogisticRegression(epochs, optimiser, learningRate);
    }
  }

  /**
   * Linear least squares.
   *
   * @param epochs passes through the data, at least 1
   * @param optimiser how steps are chosen; {@link Optimiser#ADAM} is refused
   * @param learningRate the first step size, greater than 0
   */
  record LinearRegression(int epochs, Optimiser optimiser, double learningRate) implements Trainer {
    /** Creates a trainer. */
    public LinearRegression {
      Check.descent(epochs, optimiser, learningRate);
    }

    /**
     * Sets the number of passes through the data.
     *
     * @param epochs at least 1
     * @return a copy
     */
    public LinearRegression epochs(int epochs) {
      return new LinearRegression(epochs, optimiser, learningRate);
    }

    /**
     * Sets how steps are chosen.
     *
     * @param optimiser not {@link Optimiser#ADAM}
     * @return a copy
     */
    public LinearRegression optimiser(Optimiser optimiser) {
      return new LinearRegression(epochs, optimiser, learningRate);
    }

    /**
     * Sets the first step size.
     *
     * @param learningRate greater than 0
     * @return a copy
     */
    public LinearRegression learningRate(double learningRate) {
      return new LinearRegression(epochs, optimiser, learningRate);
    }
  }

  /**
   * A support vector machine with the kernel {@code exp(-gamma |x - y|^2)} (LibSVM).
   *
   * @param cost the price of a row on the wrong side, greater than 0
   * @param gamma the kernel's width, 0 for 1 / features
   */
  record RbfSvm(double cost, double gamma) implements Trainer {
    /** Creates a trainer. */
    public RbfSvm {
      Check.positive("cost", cost);
      Check.atLeast("gamma", gamma, 0);
    }

    /**
     * Sets the price of a row on the wrong side.
     *
     * @param cost greater than 0
     * @return a copy
     */
    public RbfSvm cost(double cost) {
      return new RbfSvm(cost, gamma);
    }

    /**
     * Sets the kernel's width.
     *
     * @param gamma 0 for 1 / features
     * @return a copy
     */
    public RbfSvm gamma(double gamma) {
      return new RbfSvm(cost, gamma);
    }
  }

  /**
   * Gradient-boosted trees.
   *
   * @param trees the number of boosting rounds, at least 1
   * @param maxDepth the greatest depth, at least 1
   * @param learningRate how much each round adds, greater than 0 and at most 1
   * @param minChildWeight the least sum of second derivatives in a leaf, at least 0
   * @param rowShare the part of the rows drawn for each round, greater than 0 and at most 1
   * @param featureShare the part of the features drawn for each round, greater than 0 and at most 1
   * @param l2 the penalty on squared leaf values, at least 0
   */
  record GradientBoostedTrees(
      int trees,
      int maxDepth,
      double learningRate,
      double minChildWeight,
      double rowShare,
      double featureShare,
      double l2)
      implements Trainer {
    /** Creates a trainer. */
    public GradientBoostedTrees {
      Check.atLeast("trees", trees, 1);
      Check.atLeast("maxDepth", maxDepth, 1);
      Check.share("learningRate", learningRate);
      Check.atLeast("minChildWeight", minChildWeight, 0);
      Check.share("rowShare", rowShare);
      Check.share("featureShare", featureShare);
      Check.atLeast("l2", l2, 0);
    }

    /**
     * Sets the number of rounds.
     *
     * @param trees at least 1
     * @return a copy
     */
    public GradientBoostedTrees trees(int trees) {
      return new GradientBoostedTrees(
          trees, maxDepth, learningRate, minChildWeight, rowShare, featureShare, l2);
    }

    /**
     * Sets the greatest depth.
     *
     * @param maxDepth at least 1
     * @return a copy
     */
    public GradientBoostedTrees maxDepth(int maxDepth) {
      return new GradientBoostedTrees(
          trees, maxDepth, learningRate, minChildWeight, rowShare, featureShare, l2);
    }

    /**
     * Sets how much each round adds.
     *
     * @param learningRate greater than 0 and at most 1
     * @return a copy
     */
    public GradientBoostedTrees learningRate(double learningRate) {
      return new GradientBoostedTrees(
          trees, maxDepth, learningRate, minChildWeight, rowShare, featureShare, l2);
    }

    /**
     * Sets the part of the rows drawn for each round.
     *
     * @param rowShare greater than 0 and at most 1
     * @return a copy
     */
    public GradientBoostedTrees rowShare(double rowShare) {
      return new GradientBoostedTrees(
          trees, maxDepth, learningRate, minChildWeight, rowShare, featureShare, l2);
    }

    /**
     * Sets the part of the features drawn for each round.
     *
     * @param featureShare greater than 0 and at most 1
     * @return a copy
     */
    public GradientBoostedTrees featureShare(double featureShare) {
      return new GradientBoostedTrees(
          trees, maxDepth, learningRate, minChildWeight, rowShare, featureShare, l2);
    }
  }
}
