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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.classification.libsvm.protos.LibSVMClassificationModelProto;
import org.tribuo.common.libsvm.protos.SVMModelProto;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.impl.ArrayExample;
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

  static TrainedModel model(Trainer trainer) {
    return Recipe.builder().impute().oneHot().trainer(trainer).seed(1).build().train(TABLE);
  }

  static byte[] proto(Trainer trainer) {
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

  /** Found by fuzzing: a label that does not exist is met only where a row is predicted. */
  @Test
  void predict_withAForgedLabelIndex_failsWithOurError() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.rbfSvm()));
    var svm = honest.getSerializedData().unpack(LibSVMClassificationModelProto.class);
    var forged = svm.toBuilder();
    var label = forged.getModelBuilder();
    for (int i = 0; i < label.getLabelCount(); i++) {
      label.setLabel(i, 1000 + i);
    }
    byte[] content =
        honest.toBuilder().setSerializedData(Any.pack(forged.build())).build().toByteArray();
    Model<Label> model = new SafeLoader(Set.of()).load(content).castModel(Label.class);
    var names = IntStream.range(0, model.getFeatureIDMap().size())
        .mapToObj(i -> model.getFeatureIDMap().get(i).getName())
        .toList();
    var example =
        new ArrayExample<>(new Label("no"), names.toArray(String[]::new), new double[names.size()]);

    assertThatThrownBy(() -> TribuoScorer.predict(model, example))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("the model fails on a row");
  }

  /**
   * XGBoost's bytes are for its native library, which believes them: fuzzing ended the process. Any
   * byte but those of scores, thresholds and statistics that differs from an honest model's is
   * refused before.
   */
  @Test
  void load_ofForgedXgboostBytes_isRefusedBeforeTheNativeParserSeesThem() throws Exception {
    ModelProto honest =
        ModelProto.parseFrom(proto(Trainer.gradientBoostedTrees().trees(2)));
    var boosted = honest.getSerializedData().unpack(XGBoostModelProto.class);
    byte[] bytes = boosted.getModels(0).toByteArray();
    assertThat(new SafeLoader(Set.of()).load(honest.toByteArray())).isNotNull();

    int base = 4; // after "binf"
    int forest = base + 136 + 8 + "multi:softprob".length() + 8 + "gbtree".length();
    int tree = forest + 160;
    int[] words = {
      base + 8, // classes
      base + 12, // attributes follow
      base + 16, // evaluation metrics follow
      base + 20, // major version
      base + 28, // targets
      base + 132, // the last reserved word
      forest, // trees
      forest + 4, // parallel trees
      forest + 24,
      forest + 156,
      tree, // roots
      tree + 4, // nodes
      tree + 16, // features
      tree + 20, // values of a leaf
      tree + 144,
      tree + 148 + 20, // parent of node 1
      bytes.length - 4, // in the attributes
    };
    for (int word : words) {
      for (int value : new int[] {-1, 0, 3, 1 << 20}) {
        byte[] forged = bytes.clone();
        var buffer = java.nio.ByteBuffer.wrap(forged).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(word) != value) {
          buffer.putInt(word, value);
          assertRefused(withXgboost(honest, boosted, forged), "XGBoost");
        }
      }
    }
    assertRefused(withXgboost(honest, boosted, new byte[0]), "XGBoost");
    assertRefused(withXgboost(honest, boosted, Arrays.copyOf(bytes, bytes.length / 2)), "XGBoost");
    assertRefused(withXgboost(honest, boosted, Arrays.copyOf(bytes, bytes.length + 1)), "XGBoost");
  }

  /**
   * Found by fuzzing: a leaf is marked by -1 for both children; with another negative number the
   * native library walked out of the tree, which ended the process.
   */
  @Test
  void load_ofXgboostLeafWithAnotherMark_isRefusedBeforeTheNativeParserSeesIt() throws Exception {
    ModelProto honest =
        ModelProto.parseFrom(proto(Trainer.gradientBoostedTrees().trees(2)));
    var boosted = honest.getSerializedData().unpack(XGBoostModelProto.class);
    byte[] bytes = boosted.getModels(0).toByteArray();
    var buffer = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int tree = 4 + 136 + 8 + "multi:softprob".length() + 8 + "gbtree".length() + 160;
    int nodes = buffer.getInt(tree + 4);
    int leaves = 0;
    for (int node = 0; node < nodes; node++) {
      int left = tree + 148 + node * 20 + 4;
      leaves += buffer.getInt(left) == -1 ? 1 : 0;
      for (int word : new int[] {left, left + 4}) {
        for (int value : new int[] {-2, -1000, Integer.MIN_VALUE, nodes, Integer.MAX_VALUE}) {
          byte[] forged = bytes.clone();
          java.nio.ByteBuffer.wrap(forged)
              .order(java.nio.ByteOrder.LITTLE_ENDIAN)
              .putInt(word, value);
          assertRefused(withXgboost(honest, boosted, forged), "XGBoost");
        }
      }
    }
    assertThat(leaves).isGreaterThan(1).isLessThan(nodes);
  }

  /**
   * Found by fuzzing: LIBSVM allocates a table of classes by classes for each row, by the number of
   * classes that a model states.
   */
  @Test
  void load_ofSvmWhoseCountsDisagree_isRefusedBeforeItAllocatesByThem() throws Exception {
    ModelProto honest = ModelProto.parseFrom(proto(Trainer.rbfSvm()));
    var svm = honest.getSerializedData().unpack(LibSVMClassificationModelProto.class);
    List<Consumer<SVMModelProto.Builder>> forgeries = List.of(
        inner -> inner.setNrClass(1 << 16),
        inner -> inner.setNrClass(-1),
        inner -> inner.setL(Integer.MAX_VALUE),
        inner -> inner.setSvCoefLengths(0, Integer.MAX_VALUE),
        inner -> inner.setSvCoefLengths(0, -1),
        inner -> inner.addSvCoefLengths(inner.getSvCoefLengths(0)),
        inner -> inner.addSvCoef(1),
        inner -> inner.addRho(0),
        inner -> inner.clearRho(),
        inner -> inner.addLabel(0),
        inner -> inner.setNSV(0, -1).setNSV(1, inner.getL() + 1),
        inner -> inner.setNSV(0, inner.getNSV(0) + 1),
        inner -> inner.addProbA(0),
        inner -> inner.clearProbA(),
        inner -> inner.addProbB(0),
        inner -> inner.removeSV(0),
        inner -> inner.getSVBuilder(0).addIndex(7));

    for (Consumer<SVMModelProto.Builder> forgery : forgeries) {
      var forged = svm.toBuilder();
      forgery.accept(forged.getModelBuilder());
      assertRefused(
          honest.toBuilder().setSerializedData(Any.pack(forged.build())).build(), "LIBSVM");
    }
  }

  static ModelProto withXgboost(ModelProto honest, XGBoostModelProto boosted, byte[] bytes) {
    return honest.toBuilder()
        .setSerializedData(Any.pack(
            boosted.toBuilder().setModels(0, ByteString.copyFrom(bytes)).build()))
        .build();
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
