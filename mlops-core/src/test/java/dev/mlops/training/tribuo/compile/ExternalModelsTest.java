package dev.mlops.training.tribuo.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tribuo.Model;
import org.tribuo.ONNXExportable;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/** Files that other libraries wrote, behind the same interface. */
class ExternalModelsTest {
  private static final long SEED = 11;
  private static final int FEATURES = 5;
  private static final int ROWS = 500;

  private final ModelFormats formats = ModelFormats.installed();

  @ParameterizedTest
  @CsvSource({"json,2", "ubj,2", "deprecated,2", "json,4", "ubj,4", "json,0", "ubj,0"})
  void xgboost_eachFileFormat_answersAsTheNativeLibrary(String file, int classes) throws Exception {
    Schema schema = sorted(classes);
    Model<?> model = classes == 0
        ? TribuoModels.quantity(
            new XGBoostRegressionTrainer(
                XGBoostRegressionTrainer.RegressionType.LINEAR, 15, 1, true),
            schema,
            300,
            SEED)
        : TribuoModels.classes(new XGBoostClassificationTrainer(15), schema, 300, SEED);

    Predictor read = formats.get("xgboost").read(booster(model, file), schema);

    for (double[] row : rows()) {
      double[] expected = tribuo(model, schema, row);
      double[] actual = read.predict(row);
      for (int k = 0; k < expected.length; k++) {
        assertThat(actual[k])
            .as(Arrays.toString(row))
            .isCloseTo(expected[k], within(2.0 * Math.ulp((float) expected[k])));
      }
    }
  }

  @Test
  void xgboost_otherBytes_isCorrupt() throws Exception {
    ModelFormat format = formats.get("xgboost");
    Schema schema = sorted(2);
    Model<?> model = TribuoModels.classes(new XGBoostClassificationTrainer(3), schema, 200, SEED);
    for (String file : List.of("json", "ubj", "deprecated")) {
      byte[] bytes = booster(model, file);
      int end = file.equals("deprecated") ? bytes.length * 9 / 10 : bytes.length; // notes follow
      for (int length = 0; length < end; length += 37) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> format.read(cut, schema))
            .as("%s cut to %d", file, length)
            .isInstanceOf(CorruptException.class);
      }
    }
    byte[] two = booster(model, "json");
    assertThatThrownBy(() -> format.read(two, sorted(4)))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("gives 2 scores, the schema has 4");
    byte[] dart = new String(two, java.nio.charset.StandardCharsets.UTF_8)
        .replace("multi:softprob", "our:objective")
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThatThrownBy(() -> format.read(dart, schema))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("our:objective");
  }

  @Test
  void onnx_exportedModel_answersAsTheModel() {
    Schema schema = sorted(2);
    Model<Label> model = TribuoModels.classes(new LogisticRegressionTrainer(), schema, 300, SEED);
    byte[] onnx = ((ONNXExportable) model).exportONNXModel("test", 1).toByteArray();

    try (Predictor read = formats.get("onnx").read(onnx, schema)) {
      double[][] rows = TribuoModels.rows(ROWS, FEATURES, new Random(SEED));
      double[][] batch = new double[ROWS][2];
      read.predictAll(rows, batch);
      for (int i = 0; i < ROWS; i++) {
        assertThat(read.predict(rows[i]))
            .containsExactly(tribuo(model, schema, rows[i]), within(1e-4));
        assertThat(batch[i]).containsExactly(read.predict(rows[i]), within(1e-6));
      }
    }
  }

  @Test
  void onnx_modelOfOneRowAtATime_answersBatchesRowByRow() {
    Schema schema = sorted(2);
    Model<Label> model = TribuoModels.classes(new LogisticRegressionTrainer(), schema, 300, SEED);
    var onnx = ((ONNXExportable) model).exportONNXModel("test", 1).toBuilder();
    shape(onnx.getGraphBuilder().getInputBuilder(0), 1, FEATURES);
    shape(onnx.getGraphBuilder().getOutputBuilder(0), 1, 2);

    try (Predictor read = formats.get("onnx").read(onnx.build().toByteArray(), schema)) {
      double[][] rows = TribuoModels.rows(10, FEATURES, new Random(SEED));
      double[][] batch = new double[10][2];
      read.predictAll(rows, batch);
      for (int i = 0; i < rows.length; i++) {
        assertThat(batch[i]).containsExactly(tribuo(model, schema, rows[i]), within(1e-4));
      }
    }
  }

  /** A transposition keeps every number and gives each to another row. */
  @Test
  void onnx_scoresOfAnotherShapeThanDeclared_areRefused() {
    Schema schema = new Schema(
        List.of(new Feature.Numeric("a"), new Feature.Numeric("b")),
        new Target.Classes("y", List.of("k0", "k1")));
    var onnx = OnnxMl.ModelProto.newBuilder()
        .setIrVersion(6)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(11));
    var graph = onnx.getGraphBuilder().setName("transposed");
    graph.addNodeBuilder().setOpType("Transpose").addInput("x").addOutput("y");
    shape(graph.addInputBuilder().setName("x"), -1, -1);
    shape(graph.addOutputBuilder().setName("y"), -1, -1);

    try (Predictor read = formats.get("onnx").read(onnx.build().toByteArray(), schema)) {
      assertThatThrownBy(() -> read.predict(new double[] {1, 2}))
          .isInstanceOf(CorruptException.class)
          .hasMessageContaining("[1, 2]")
          .hasMessageContaining("[2, 1]");
    }
  }

  private static void shape(OnnxMl.ValueInfoProto.Builder value, int... dimensions) {
    var tensor = value.getTypeBuilder().getTensorTypeBuilder();
    tensor.setElemType(OnnxMl.TensorProto.DataType.FLOAT.getNumber()).clearShape();
    for (int dimension : dimensions) {
      var shape = tensor.getShapeBuilder().addDimBuilder();
      if (dimension < 0) {
        shape.setDimParam("open" + tensor.getShapeBuilder().getDimCount() + value.getName());
      } else {
        shape.setDimValue(dimension);
      }
    }
  }

  @Test
  void onnx_otherBytesOrSignature_isCorrupt() {
    ModelFormat format = formats.get("onnx");
    Schema schema = sorted(2);
    Model<Label> model = TribuoModels.classes(new LogisticRegressionTrainer(), schema, 300, SEED);
    byte[] onnx = ((ONNXExportable) model).exportONNXModel("test", 1).toByteArray();

    assertThatThrownBy(() -> format.read(new byte[] {1, 2, 3}, schema))
        .isInstanceOf(CorruptException.class);
    assertThatThrownBy(() -> format.read(onnx, TribuoModels.schema(3, 2)))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("[rows, 3]");
  }

  /** Features in alphabetical order: the files know positions only. */
  private static Schema sorted(int classes) {
    List<Feature> features = List.of(
        new Feature.Numeric("a"),
        new Feature.Numeric("b"),
        new Feature.Numeric("c"),
        new Feature.Numeric("d"),
        new Feature.Numeric("e"));
    return new Schema(
        features,
        classes == 0
            ? new Target.Quantity("y")
            : new Target.Classes("y", List.of("k0", "k1", "k2", "k3").subList(0, classes)));
  }

  private static double[][] rows() {
    var random = new Random(SEED);
    double[][] rows = TribuoModels.rows(ROWS, FEATURES, random);
    for (double[] row : rows) {
      if (random.nextInt(3) == 0) {
        row[random.nextInt(FEATURES)] = Double.NaN;
      }
    }
    return rows;
  }

  @SuppressWarnings("unchecked")
  private static double[] tribuo(Model<?> model, Schema schema, double[] row) {
    return schema.target() instanceof Target.Classes classes
        ? inOrder(model, schema, classes, row)
        : TribuoModels.scores(
            ((Model<Regressor>) model)
                .predict(
                    TribuoModels.example(schema, row, new RegressionFactory().getUnknownOutput())),
            schema);
  }

  /** Files know classes by number only: by Tribuo's, which follows the training data. */
  @SuppressWarnings("unchecked")
  private static double[] inOrder(
      Model<?> model, Schema schema, Target.Classes classes, double[] row) {
    var typed = (Model<Label>) model;
    var prediction =
        typed.predict(TribuoModels.example(schema, row, new LabelFactory().getUnknownOutput()));
    double[] byName = TribuoModels.scores(prediction, schema);
    double[] byNumber = new double[byName.length];
    for (int k = 0; k < byNumber.length; k++) {
      byNumber[k] =
          byName[classes.classes().indexOf(typed.getOutputIDInfo().getOutput(k).getLabel())];
    }
    return byNumber;
  }

  /** By reflection: XGBoost's package has a name that cannot be a module. */
  private static byte[] booster(Model<?> model, String format) throws Exception {
    Object boosters = model.getClass().getMethod("getInnerModels").invoke(model);
    Object booster = ((List<?>) boosters).get(0);
    return (byte[])
        booster.getClass().getMethod("toByteArray", String.class).invoke(booster, format);
  }
}
