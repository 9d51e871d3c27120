package dev.mlops.training.tribuo.compile;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mlops.model.internal.BoostedBinary;
import dev.mlops.model.internal.BoostedModel;
import dev.mlops.model.internal.Kernel;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;

/**
 * Compiles XGBoost models from the bytes that their protobuf form carries; the native library is
 * not called.
 */
final class XgBoostCompiler {
  private XgBoostCompiler() {}

  @SuppressWarnings("unchecked") // the kind of output follows from the schema's target
  static Kernel compile(Model<?> model, Signature signature) {
    BoostedModel boosted = BoostedBinary.read(bytesOf(model));
    int[] inputOf = signature.inputsOf(model.getFeatureIDMap());
    int[] outputOf =
        signature.classification() ? signature.classesOf((Model<Label>) model) : new int[] {0};
    if (boosted.features() > inputOf.length || boosted.classes() != outputOf.length) {
      throw new NotCompilable("XGBoost reads " + boosted.features() + " features and gives "
          + boosted.classes() + " outputs, the model has " + inputOf.length + " and "
          + outputOf.length);
    }
    return boosted.compile(signature.inputs(), inputOf, outputOf);
  }

  private static byte[] bytesOf(Model<?> model) {
    try {
      XGBoostModelProto proto =
          model.serialize().getSerializedData().unpack(XGBoostModelProto.class);
      if (proto.getModelsCount() != 1) {
        throw new NotCompilable("XGBoost models of several quantities have no compiled form");
      }
      return proto.getModels(0).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new NotCompilable("XGBoost's protobuf form cannot be read: " + e.getMessage());
    }
  }
}
