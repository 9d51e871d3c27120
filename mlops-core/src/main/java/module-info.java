import org.jspecify.annotations.NullMarked;

/** Training, tracking, registry, gates and in-process serving of models. */
@NullMarked
module dev.mlops.core {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires libsvm;
  requires static liblinear;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.context;
  requires java.net.http;
  requires transitive org.jspecify;
  requires org.slf4j;
  requires org.tribuo.classification.core;
  requires org.tribuo.common.libsvm;
  requires org.tribuo.common.sgd;
  requires org.tribuo.common.tree;
  requires org.tribuo.core;
  requires org.tribuo.math;
  requires org.tribuo.regression.core;
  requires org.tribuo.regression.libsvm;
  requires org.tribuo.regression.rtree;
  requires static org.tribuo.common.liblinear;
  requires static org.tribuo.common.xgboost;

  exports dev.mlops.data;
  exports dev.mlops.error;
  exports dev.mlops.model;
  exports dev.mlops.registry;
  exports dev.mlops.serving;
  exports dev.mlops.telemetry;
  exports dev.mlops.telemetry.alert;
  exports dev.mlops.telemetry.scaling;
  exports dev.mlops.store;
  exports dev.mlops.testing;
  exports dev.mlops.tracking;

  uses dev.mlops.model.ModelFormat;

  provides dev.mlops.model.ModelFormat with
      dev.mlops.model.internal.FlatFormat;
}
