package dev.mlops.training.tribuo;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.MlopsException;
import dev.mlops.model.Predictor;
import dev.mlops.training.Recipe;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.protos.core.ModelProto;

/**
 * Honest models of every trainer with some of their bytes or some of their protobuf fields changed
 * are models that answer or are refused with one of our own errors. Bytes change in the whole file;
 * fields change inside, where lengths stay right and mere bytes would not get.
 */
class TribuoFormatFuzz {
  private static final Table CLASSES = table(new Target.Classes("t", List.of("no", "yes")));
  private static final Table QUANTITIES = table(new Target.Quantity("q"));
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.OFF);
  }

  private static final List<Honest> MODELS = List.of(
      honest(CLASSES, Trainer.logisticRegression().epochs(2)),
      honest(CLASSES, Trainer.decisionTree().maxDepth(3)),
      honest(CLASSES, Trainer.randomForest().trees(2)),
      honest(CLASSES, Trainer.adaBoost()),
      honest(CLASSES, Trainer.rbfSvm()),
      honest(CLASSES, Trainer.gradientBoostedTrees().trees(2)),
      honest(QUANTITIES, Trainer.linearRegression()),
      honest(QUANTITIES, Trainer.randomForest().trees(2)),
      honest(QUANTITIES, Trainer.rbfSvm()),
      honest(QUANTITIES, Trainer.gradientBoostedTrees().trees(2)));

  private record Honest(Schema schema, byte[] head, ModelProto model, byte[] file) {}

  private static Table table(Target target) {
    var schema = new Schema(
        List.of(new Feature.Numeric("a"), new Feature.Categorical("c", List.of("x", "y"))), target);
    var random = new Random(1);
    double[][] rows = new double[40][];
    double[] targets = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {random.nextGaussian() + i % 2, random.nextInt(2)};
      targets[i] = i % 2;
    }
    return Table.of(schema, rows, targets);
  }

  private static Honest honest(Table table, Trainer trainer) {
    TrainedModel trained =
        Recipe.builder().impute().oneHot().trainer(trainer).seed(1).build().train(table);
    byte[] file = trained.files().stream()
        .filter(f -> f.format().equals(TribuoFormat.NAME))
        .findAny()
        .orElseThrow()
        .content();
    int json = ByteBuffer.wrap(file).getInt(8 + 64);
    int head = 8 + 64 + 4 + json;
    try {
      var proto = ModelProto.parseFrom(Arrays.copyOfRange(file, head + 4, file.length));
      return new Honest(trained.schema(), Arrays.copyOf(file, head), proto, file);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an honest model is a protobuf", e);
    }
  }

  @FuzzTest(maxDuration = "10m")
  void read(FuzzedDataProvider data) {
    Honest honest = MODELS.get(data.consumeInt(0, MODELS.size() - 1));
    byte[] file = data.consumeBoolean() ? flipped(honest, data) : edited(honest, data);
    try (Predictor model = new TribuoFormat().read(file, honest.schema())) {
      model.predict(new double[] {0.5, 1});
      model.predict(new double[] {Double.NaN, -1});
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }

  private static byte[] flipped(Honest honest, FuzzedDataProvider data) {
    byte[] file = honest.file().clone();
    int from = data.consumeInt(0, file.length - 1);
    byte[] bytes = data.consumeRemainingAsBytes();
    System.arraycopy(bytes, 0, file, from, Math.min(bytes.length, file.length - from));
    return file;
  }

  private static byte[] edited(Honest honest, FuzzedDataProvider data) {
    byte[] model = ProtoEdits.apply(honest.model(), data).toByteArray();
    return ByteBuffer.allocate(honest.head().length + 4 + model.length)
        .put(honest.head())
        .putInt(model.length)
        .put(model)
        .array();
  }
}
