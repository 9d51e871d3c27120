package dev.mlops.training.tribuo;

import java.util.Set;

/**
 * The classes that models of our trainers name in their protobuf. None reads Java serialisation.
 */
final class KnownClasses {
  static final Set<String> NAMES = Set.of(
      "org.tribuo.CategoricalIDInfo",
      "org.tribuo.ImmutableFeatureMap",
      "org.tribuo.RealIDInfo",
      "org.tribuo.classification.ImmutableLabelInfo",
      "org.tribuo.classification.Label",
      "org.tribuo.classification.ensemble.FullyWeightedVotingCombiner",
      "org.tribuo.classification.ensemble.VotingCombiner",
      "org.tribuo.classification.libsvm.LibSVMClassificationModel",
      "org.tribuo.classification.sgd.linear.LinearSGDModel",
      "org.tribuo.classification.xgboost.XGBoostClassificationConverter",
      "org.tribuo.common.tree.LeafNode",
      "org.tribuo.common.tree.SplitNode",
      "org.tribuo.common.tree.TreeModel",
      "org.tribuo.common.xgboost.XGBoostModel",
      "org.tribuo.ensemble.WeightedEnsembleModel",
      "org.tribuo.math.LinearParameters",
      "org.tribuo.math.la.DenseMatrix",
      "org.tribuo.math.util.ExpNormalizer",
      "org.tribuo.regression.ImmutableRegressionInfo",
      "org.tribuo.regression.Regressor",
      "org.tribuo.regression.Regressor$DimensionTuple",
      "org.tribuo.regression.ensemble.AveragingCombiner",
      "org.tribuo.regression.libsvm.LibSVMRegressionModel",
      "org.tribuo.regression.rtree.IndependentRegressionTreeModel",
      "org.tribuo.regression.sgd.linear.LinearSGDModel",
      "org.tribuo.regression.xgboost.XGBoostRegressionConverter");

  private KnownClasses() {}
}
