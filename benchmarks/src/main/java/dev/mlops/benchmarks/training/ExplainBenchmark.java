package dev.mlops.benchmarks.training;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.explanation.Explainer;
import dev.mlops.explanation.Explanation;
import dev.mlops.model.ModelFile;
import dev.mlops.training.Explainers;
import dev.mlops.training.Recipe;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.protos.core.ModelProto;

/** Explanations of single rows with 30 features, models trained on 3,000 rows of noisy labels. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class ExplainBenchmark {
  private static final int FEATURES = 30;
  private static final int ROWS = 3_000;

  /** Which model is explained. */
  @Param("forest")
  public String model;

  private double[][] rows;
  private Explainer explainer;
  private Booster booster;
  private int next;

  /** Trains. */
  @Setup
  public void setUp() throws IOException, XGBoostError {
    boolean boosted = model.equals("boosted");
    Table table = table(boosted);
    rows = table.rows();
    Trainer trainer = switch (model) {
      case "forest" -> Trainer.randomForest().trees(100).maxDepth(8);
      case "logistic" -> Trainer.logisticRegression();
      default -> Trainer.gradientBoostedTrees().trees(100).maxDepth(6);
    };
    TrainedModel trained = Recipe.builder().trainer(trainer).seed(1).build().train(table);
    explainer = Explainers.of(trained.predictor(), table);
    if (boosted) {
      booster = XGBoost.loadModel(new ByteArrayInputStream(nativeBytes(trained)));
      booster.setParam("nthread", 1);
    }
  }

  private static Table table(boolean quantity) {
    var random = new Random(7);
    List<Feature> features = new ArrayList<>();
    for (int j = 0; j < FEATURES; j++) {
      features.add(new Feature.Numeric("f" + j));
    }
    double[][] rows = new double[ROWS][FEATURES];
    double[] targets = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double sum = random.nextGaussian();
      for (int j = 0; j < FEATURES; j++) {
        rows[i][j] = random.nextGaussian();
        sum += j < 12 ? Math.sin(1.3 * rows[i][j]) : 0;
      }
      targets[i] = quantity ? sum : sum > 0 ? 1 : 0;
    }
    Target target =
        quantity ? new Target.Quantity("y") : new Target.Classes("y", List.of("no", "yes"));
    return Table.of(new Schema(features, target), rows, targets);
  }

  /** XGBoost's bytes inside Tribuo's protobuf inside the model file. */
  private static byte[] nativeBytes(TrainedModel trained) throws IOException {
    byte[] file = trained.files().stream()
        .filter(f -> f.name().equals(TrainedModel.MODEL_FILE))
        .map(ModelFile::content)
        .findAny()
        .orElseThrow();
    var in = ByteBuffer.wrap(file);
    in.position(8 + 64);
    in.position(in.position() + 4 + in.getInt(in.position()));
    byte[] proto = new byte[in.getInt()];
    in.get(proto);
    return ModelProto.parseFrom(proto)
        .getSerializedData()
        .unpack(XGBoostModelProto.class)
        .getModels(0)
        .toByteArray();
  }

  private double[] row() {
    next = next + 1 == rows.length ? 0 : next + 1;
    return rows[next];
  }

  /** Our explanation. */
  @Benchmark
  public Explanation mlops() {
    return explainer.explain(row());
  }

  /** The native library's, for gradient-boosted trees. */
  @Benchmark
  public float[][] xgboost() throws XGBoostError {
    double[] row = row();
    float[] values = new float[FEATURES];
    for (int j = 0; j < FEATURES; j++) {
      values[j] = (float) row[j];
    }
    var matrix = new DMatrix(values, 1, FEATURES, Float.NaN);
    try {
      return booster.predictContrib(matrix, 0);
    } finally {
      matrix.dispose();
    }
  }
}
