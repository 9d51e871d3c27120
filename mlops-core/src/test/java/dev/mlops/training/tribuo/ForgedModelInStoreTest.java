package dev.mlops.training.tribuo;

import static dev.mlops.training.tribuo.ForgedModelTest.RAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.mlops.error.CorruptException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import dev.mlops.serving.LiveModel;
import dev.mlops.store.ObjectStore;
import dev.mlops.training.TestTables;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tribuo.classification.libsvm.protos.LibSVMClassificationModelProto;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.protos.core.WeightedEnsembleModelProto;

/**
 * A forged model in the store whose digest is the recorded one: whoever may register can do that.
 * It is refused before its code runs, and a service goes on with the model that it has.
 */
class ForgedModelInStoreTest {
  private static final ModelRef CHAMPION = ModelRef.parse("fraud@champion");

  /** Makes a forged model of an honest one. */
  private interface Forgery {
    ModelProto of(ModelProto honest) throws IOException;
  }

  /** What a deserialiser of Java objects would run. */
  private static final class JavaPayload implements Serializable {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("UnusedMethod")
    private void readObject(ObjectInputStream in) {
      RAN.set(true);
    }
  }

  @TempDir
  Path root;

  @BeforeEach
  void nothingRanYet() {
    RAN.set(false);
  }

  private static final String PAYLOAD = ForgedModelTest.Payload.class.getName();

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forgery(
            "root class",
            Trainer.logisticRegression().epochs(1),
            PAYLOAD,
            honest -> honest.toBuilder().setClassName(PAYLOAD).build()),
        forgery("class deep inside", Trainer.randomForest().trees(2), PAYLOAD, honest -> {
          var ensemble = honest.getSerializedData().unpack(WeightedEnsembleModelProto.class);
          var forged = ensemble.toBuilder()
              .setModels(1, ensemble.getModels(1).toBuilder().setClassName(PAYLOAD));
          return honest.toBuilder().setSerializedData(Any.pack(forged.build())).build();
        }),
        forgery(
            "LibLinear with a Java object",
            Trainer.logisticRegression().epochs(1),
            "LibLinearClassificationModel",
            honest -> honest.toBuilder()
                .setClassName("org.tribuo.classification.liblinear.LibLinearClassificationModel")
                .setSerializedData(Any.newBuilder()
                    .setTypeUrl("type.googleapis.com/tribuo.common.liblinear.LibLinearModelProto")
                    .setValue(embedded(new JavaPayload())))
                .build()),
        forgery("XGBoost bytes", Trainer.gradientBoostedTrees().trees(2), "XGBoost", honest -> {
          var boosted = honest.getSerializedData().unpack(XGBoostModelProto.class);
          byte[] bytes = boosted.getModels(0).toByteArray();
          ByteBuffer.wrap(bytes).putInt(4 + 8, -1);
          return ForgedModelTest.withXgboost(honest, boosted, bytes);
        }),
        forgery("LIBSVM counts", Trainer.rbfSvm(), "LIBSVM", honest -> {
          var svm = honest.getSerializedData().unpack(LibSVMClassificationModelProto.class);
          var forged = svm.toBuilder();
          forged.getModelBuilder().setNrClass(1 << 16);
          return honest.toBuilder().setSerializedData(Any.pack(forged.build())).build();
        }));
  }

  private static Arguments forgery(String kind, Trainer trainer, String message, Forgery forgery) {
    return Arguments.of(kind, trainer, message, forgery);
  }

  private static ByteString embedded(Object object) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return UnknownFieldSet.newBuilder()
        .addField(
            3,
            UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(bytes.toByteArray()))
                .build())
        .build()
        .toByteString();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forgeries")
  void forgedModelWithTheRecordedDigest_isRefusedBeforeItsCodeRuns(
      String kind, Trainer trainer, String message, Forgery forgery) throws Exception {
    ModelRegistry registry =
        ModelRegistry.builder(ObjectStore.directory(root)).actor("ann").build();
    TrainedModel honest = ForgedModelTest.model(trainer);
    ModelFile file = TestTables.tribuoFile(honest);
    promote(registry, honest, file);
    Map<String, Object> row =
        new HashMap<>(Map.of("amount", 12.5, "hour", 3.0, "country", "DE", "device", "web"));
    try (LiveModel live = LiveModel.open(registry, CHAMPION)) {
      double[] scores = live.predict(row).scores();
      byte[] forged = withModel(
          file.content(), forgery.of(ModelProto.parseFrom(ForgedModelTest.proto(trainer))));

      ModelVersion planted =
          promote(registry, honest, new ModelFile(file.name(), file.format(), forged));

      assertThat(registry.read(planted, file.name())).isEqualTo(forged);
      assertThat(registry.verify().problems()).isEmpty();
      assertThatThrownBy(() -> LiveModel.open(registry, CHAMPION))
          .isInstanceOf(CorruptException.class)
          .hasMessageContaining(message);
      assertThat(live.refresh()).isFalse();
      assertThat(live.health().degraded()).isPresent();
      assertThat(live.current().version()).isEqualTo(1);
      assertThat(live.predict(row).scores()).isEqualTo(scores);
    }
    assertThat(RAN).as(kind).isFalse();
  }

  private static ModelVersion promote(ModelRegistry registry, TrainedModel model, ModelFile file) {
    ModelVersion version = registry.register(
        "fraud", VersionDraft.builder().schema(model.schema()).file(file).build());
    assertThat(registry.promote(version.ref(), "champion", Gate.open()).accepted())
        .isTrue();
    return version;
  }

  /** Puts another model into the file of an honest one. */
  private static byte[] withModel(byte[] file, ModelProto model) {
    int json = 2 * Integer.BYTES + 64;
    int end = json + Integer.BYTES + ByteBuffer.wrap(file).getInt(json);
    byte[] proto = model.toByteArray();
    return ByteBuffer.allocate(end + Integer.BYTES + proto.length)
        .put(Arrays.copyOf(file, end))
        .putInt(proto.length)
        .put(proto)
        .array();
  }
}
