package dev.mlops.training.tribuo;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tribuo.classification.libsvm.protos.LibSVMClassificationModelProto;
import org.tribuo.classification.protos.ImmutableLabelInfoProto;
import org.tribuo.classification.protos.LabelProto;
import org.tribuo.classification.sgd.protos.ClassificationLinearSGDProto;
import org.tribuo.common.tree.protos.LeafNodeProto;
import org.tribuo.common.tree.protos.SplitNodeProto;
import org.tribuo.common.tree.protos.TreeModelProto;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.math.protos.DenseTensorProto;
import org.tribuo.math.protos.LinearParametersProto;
import org.tribuo.protos.core.CategoricalIDInfoProto;
import org.tribuo.protos.core.ImmutableFeatureMapProto;
import org.tribuo.protos.core.RealIDInfoProto;
import org.tribuo.protos.core.WeightedEnsembleModelProto;
import org.tribuo.regression.libsvm.protos.LibSVMRegressionModelProto;
import org.tribuo.regression.protos.DimensionTupleProto;
import org.tribuo.regression.protos.ImmutableRegressionInfoProto;
import org.tribuo.regression.protos.RegressorProto;
import org.tribuo.regression.rtree.protos.IndependentRegressionTreeModelProto;
import org.tribuo.regression.sgd.protos.RegressionLinearSGDProto;

/** The messages that a model may hold inside Any fields. */
final class KnownTypes {
  private KnownTypes() {}

  static Map<String, Message> byName() {
    Map<String, Message> types = new HashMap<>();
    for (Message type : List.<Message>of(
        WeightedEnsembleModelProto.getDefaultInstance(),
        ImmutableFeatureMapProto.getDefaultInstance(),
        CategoricalIDInfoProto.getDefaultInstance(),
        RealIDInfoProto.getDefaultInstance(),
        DenseTensorProto.getDefaultInstance(),
        LinearParametersProto.getDefaultInstance(),
        TreeModelProto.getDefaultInstance(),
        SplitNodeProto.getDefaultInstance(),
        LeafNodeProto.getDefaultInstance(),
        ImmutableLabelInfoProto.getDefaultInstance(),
        LabelProto.getDefaultInstance(),
        ClassificationLinearSGDProto.getDefaultInstance(),
        LibSVMClassificationModelProto.getDefaultInstance(),
        ImmutableRegressionInfoProto.getDefaultInstance(),
        DimensionTupleProto.getDefaultInstance(),
        RegressorProto.getDefaultInstance(),
        RegressionLinearSGDProto.getDefaultInstance(),
        LibSVMRegressionModelProto.getDefaultInstance(),
        IndependentRegressionTreeModelProto.getDefaultInstance())) {
      types.put(type.getDescriptorForType().getFullName(), type);
    }
    try {
      Message xgboost = Xgboost.type();
      types.put(xgboost.getDescriptorForType().getFullName(), xgboost);
    } catch (NoClassDefFoundError e) {
      // the optional dependency is missing, so its models cannot be loaded anyway
    }
    return types;
  }

  /** Loaded only when used. */
  private static final class Xgboost {
    static Message type() {
      return XGBoostModelProto.getDefaultInstance();
    }
  }
}
