package dev.mlops.training.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.mlops.data.Table;
import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.protos.core.WeightedEnsembleModelProto;

/** No byte of a forged model may have a class loaded or run. */
class ForgedModelTest {
  static final AtomicBoolean RAN = new AtomicBoolean();

  /** What an attacker wants to run: loading the class is enough. */
  static final class Payload {
    static {
      RAN.set(true);
    }

    private Payload() {}
  }

  private static final Table TABLE = TestTables.mixed(120, 1);

  private static TrainedModel model(Trainer trainer) {
    return Recipe.builder().impute().oneHot().trainer(trainer).seed(1).build().train(TABLE);
  }

  private static byte[] proto(Trainer trainer) {
    byte[] file = TestTables.tribuoFile(model(trainer)).content();
    var in = java.nio.ByteBuffer.wrap(file);
    in.position(8 + 64);
    in.position(in.position() + 4 + in.getInt(in.position()));
    byte[] proto = new byte[in.getInt()];
    in.get(proto);
    return proto;
  }

  @BeforeEach
  void nothingRanYet() {
    RAN.set(false);
  }

  private static void assertRefused(ModelProto forged, String message) {
    assertThatThrownBy(() -> new SafeLoader(Set.of()).load(forged.toByteArray()))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining(message);
    assertThat(RAN).isFalse();
  }

  @Test
  void load_ofForgedRootClass_isRefusedBeforeTheClassIsLoaded() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.logisticRegression().epochs(1)));

    assertRefused(
        honest.toBuilder().setClassName(Payload.class.getName()).build(),
        "is not on the list of classes a model may load");
    assertThat(RAN).isFalse();
  }

  @Test
  void load_ofForgedClassDeepInside_isRefusedBeforeTheClassIsLoaded() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.randomForest().trees(2)));
    var ensemble = honest.getSerializedData().unpack(WeightedEnsembleModelProto.class);
    var forged = ensemble.toBuilder()
        .setModels(1, ensemble.getModels(1).toBuilder().setClassName(Payload.class.getName()))
        .build();

    assertRefused(
        honest.toBuilder().setSerializedData(Any.pack(forged)).build(),
        "model.serialized_data.models: class '" + Payload.class.getName() + "'");
  }

  @Test
  void load_ofLibLinearModel_isRefusedBecauseItEmbedsJavaSerialisation() {
    assertRefused(
        ModelProto.newBuilder()
            .setClassName("org.tribuo.classification.liblinear.LibLinearClassificationModel")
            .build(),
        "LibLinearClassificationModel");
  }

  @Test
  void load_ofUnknownMessageOrField_isRefused() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.logisticRegression().epochs(1)));

    assertRefused(
        honest.toBuilder()
            .setSerializedData(Any.newBuilder()
                .setTypeUrl("type.googleapis.com/evil.Proto")
                .setValue(ByteString.copyFromUtf8("x")))
            .build(),
        "evil.Proto");
    assertRefused(
        honest.toBuilder()
            .setUnknownFields(UnknownFieldSet.newBuilder()
                .addField(99, UnknownFieldSet.Field.newBuilder().addFixed32(1).build())
                .build())
            .build(),
        "unknown fields");
  }

  @Test
  void load_ofForgedProvenance_neverReadsIt() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.randomForest().trees(2)));
    var ensemble = honest.getSerializedData().unpack(WeightedEnsembleModelProto.class);
    var metadata = ensemble.getMetadata();
    var provenance = metadata.getProvenance().toBuilder();
    for (int i = 0; i < provenance.getOmpCount(); i++) {
      provenance.setOmp(
          i, provenance.getOmp(i).toBuilder().setProvenanceClassName(Payload.class.getName()));
    }
    var forged = ensemble.toBuilder()
        .setMetadata(metadata.toBuilder().setProvenance(provenance))
        .build();

    new SafeLoader(Set.of())
        .load(honest.toBuilder().setSerializedData(Any.pack(forged)).build().toByteArray());

    assertThat(RAN).isFalse();
  }

  @Test
  void read_ofFlippedBits_loadsOrFailsWithOurErrorOnly() {
    TrainedModel model = model(Trainer.randomForest().trees(2));
    byte[] content = TestTables.tribuoFile(model).content();
    long seed = 5;
    var random = new Random(seed);
    for (int i = 0; i < 1500; i++) {
      byte[] flipped = content.clone();
      int bit = random.nextInt(flipped.length * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        new TribuoFormat().read(flipped, model.schema());
      } catch (MlopsException expected) {
        assertThat(expected).as("seed %d, bit %d", seed, bit).isInstanceOf(CorruptException.class);
      }
    }
  }

  @Test
  void read_ofTruncatedOrForeignBytes_isCorrupt() {
    TrainedModel model = model(Trainer.logisticRegression().epochs(1));
    byte[] content = TestTables.tribuoFile(model).content();

    for (int length = 0; length < content.length; length += 37) {
      byte[] cut = java.util.Arrays.copyOf(content, length);
      assertThatThrownBy(() -> new TribuoFormat().read(cut, model.schema()))
          .isInstanceOf(CorruptException.class);
    }
    assertThatThrownBy(() -> new TribuoFormat().read(content, TestTables.iris().schema()))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("another schema");
  }
}
