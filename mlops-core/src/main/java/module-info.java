import org.jspecify.annotations.NullMarked;

/** Training, tracking, registry, gates and in-process serving of models. */
@NullMarked
module dev.mlops.core {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires de.siegmar.fastcsv;
  requires java.logging;
  requires libsvm;
  requires com.oracle.labs.mlrg.olcut;
  requires com.oracle.labs.mlrg.olcut.config.protobuf;
  requires org.tribuo.classification.core;
  requires org.tribuo.classification.dtree;
  requires org.tribuo.classification.libsvm;
  requires org.tribuo.classification.sgd;
  requires static org.tribuo.classification.xgboost;
  requires org.tribuo.common.libsvm;
  requires org.tribuo.common.tree;
  requires static org.tribuo.common.xgboost;
  requires org.tribuo.core;
  requires org.tribuo.math;
  requires org.tribuo.regression.core;
  requires org.tribuo.regression.libsvm;
  requires org.tribuo.regression.sgd;
  requires org.tribuo.regression.rtree;
  requires static org.tribuo.regression.xgboost;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports dev.mlops.data;
  exports dev.mlops.error;
  exports dev.mlops.evaluation;
  exports dev.mlops.model;
  exports dev.mlops.serving;
  exports dev.mlops.testing;
  exports dev.mlops.training;
  exports dev.mlops.training.tribuo;

  uses dev.mlops.training.internal.Learner;

  provides dev.mlops.model.ModelFormat with
      dev.mlops.training.tribuo.TribuoFormat;
  provides dev.mlops.training.internal.Learner with
      dev.mlops.training.tribuo.TribuoLearner;
}
