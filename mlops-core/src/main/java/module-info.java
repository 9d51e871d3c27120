import org.jspecify.annotations.NullMarked;

/** Training, tracking, registry, gates and in-process serving of models. */
@NullMarked
module dev.mlops.core {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires static com.microsoft.onnxruntime;
  requires com.oracle.labs.mlrg.olcut.config.protobuf;
  requires com.oracle.labs.mlrg.olcut;
  requires de.siegmar.fastcsv;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.context;
  requires java.logging;
  requires java.net.http;
  requires static liblinear;
  requires libsvm;
  requires transitive org.jspecify;
  requires org.slf4j;
  requires org.tribuo.classification.core;
  requires org.tribuo.classification.dtree;
  requires org.tribuo.classification.libsvm;
  requires org.tribuo.classification.sgd;
  requires static org.tribuo.classification.xgboost;
  requires static org.tribuo.common.liblinear;
  requires org.tribuo.common.libsvm;
  requires org.tribuo.common.sgd;
  requires org.tribuo.common.tree;
  requires static org.tribuo.common.xgboost;
  requires org.tribuo.core;
  requires org.tribuo.math;
  requires org.tribuo.regression.core;
  requires org.tribuo.regression.libsvm;
  requires org.tribuo.regression.rtree;
  requires org.tribuo.regression.sgd;
  requires static org.tribuo.regression.xgboost;

  exports dev.mlops.batch;
  exports dev.mlops.data;
  exports dev.mlops.error;
  exports dev.mlops.evaluation;
  exports dev.mlops.explanation;
  exports dev.mlops.mlflow;
  exports dev.mlops.model;
  exports dev.mlops.registry.card;
  exports dev.mlops.registry.compare;
  exports dev.mlops.registry;
  exports dev.mlops.reproduction;
  exports dev.mlops.secret;
  exports dev.mlops.serving;
  exports dev.mlops.store;
  exports dev.mlops.telemetry.alert;
  exports dev.mlops.telemetry.scaling;
  exports dev.mlops.telemetry;
  exports dev.mlops.testing;
  exports dev.mlops.tracking;
  exports dev.mlops.training.tribuo;
  exports dev.mlops.training;

  uses dev.mlops.model.ModelFormat;
  uses dev.mlops.training.internal.Learner;

  provides dev.mlops.model.ModelFormat with
      dev.mlops.model.internal.FlatFormat,
      dev.mlops.model.internal.OnnxFormat,
      dev.mlops.model.internal.XgboostFormat,
      dev.mlops.training.tribuo.TribuoFormat;
  provides dev.mlops.training.internal.Learner with
      dev.mlops.training.tribuo.TribuoLearner;
}
