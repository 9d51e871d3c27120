package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.training.tribuo.TribuoFormat;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {

  private static Recipe full(Trainer trainer) {
    return Recipe.builder()
        .impute()
        .standardise()
        .oneHot()
        .smote(5, 42)
        .trainer(trainer)
        .seed(42)
        .build();
  }

  static Stream<Trainer> trainers() {
    return Stream.of(
        Trainer.randomForest().trees(20),
        Trainer.logisticRegression(),
        Trainer.rbfSvm(),
        Trainer.gradientBoostedTrees().trees(20));
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_onRealData_separatesTheClasses(Trainer trainer) {
    var split = TestTables.breastCancer().split(0.7, 42);

    TrainedModel model = full(trainer).train(split.train());

    Evaluation evaluation = Evaluation.of(model.predictor(), split.test());
    assertThat(evaluation.metric("roc_auc")).isGreaterThan(0.97);
    assertThat(evaluation.metric("accuracy")).isGreaterThan(0.9);
    assertThat(evaluation.metric("log_loss")).isLessThan(0.4);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_withTheSameSeedTwice_givesTheSameModelBytesAndScores(Trainer trainer) {
    Table table = TestTables.mixed(400, 3);

    TrainedModel once = full(trainer).train(table);
    TrainedModel twice = full(trainer).train(table);

    for (double[] row : table.rows()) {
      assertThat(twice.predictor().predict(row))
          .containsExactly(once.predictor().predict(row));
    }
    assertThat(twice.files()).isEqualTo(once.files());
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void train_onTwoThreadsAtOnce_givesTheSameScoresAsOnOne(Trainer trainer) throws Exception {
    Table table = TestTables.mixed(300, 4);
    TrainedModel alone = full(trainer).train(table);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      List<Future<TrainedModel>> both = List.of(
          executor.submit(() -> full(trainer).train(table)),
          executor.submit(() -> full(trainer).train(table)));
      for (Future<TrainedModel> future : both) {
        for (double[] row : table.rows()) {
          assertThat(future.get().predictor().predict(row))
              .containsExactly(alone.predictor().predict(row));
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void served_andEvaluated_scoresAreBitIdentical(Trainer trainer) {
    var split = TestTables.mixed(500, 6).split(0.8, 1);
    TrainedModel model = full(trainer).train(split.train());
    Evaluation evaluation = Evaluation.of(model.predictor(), split.test());

    Predictor served = new FlatFormat().read(model.files().get(0).content(), model.schema());
    Predictor library =
        new TribuoFormat().read(TestTables.tribuoFile(model).content(), model.schema());

    double tolerance = ((CompiledPredictor) model.predictor()).tolerance();
    for (int i = 0; i < split.test().size(); i++) {
      assertThat(served.predict(split.test().row(i))).containsExactly(evaluation.scores()[i]);
      assertThat(library.predict(split.test().row(i)))
          .containsExactly(evaluation.scores()[i], within(tolerance));
    }
  }

  @Test
  void train_svm_printsNothing() {
    PrintStream out = System.out;
    PrintStream err = System.err;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed));
    System.setErr(new PrintStream(printed));
    try {
      full(Trainer.rbfSvm()).train(TestTables.mixed(200, 2));
      full(Trainer.randomForest().trees(3)).train(TestTables.mixed(200, 2));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }

    assertThat(printed.toString()).isEmpty();
  }

  @Test
  void predict_ofMissingValue_isImputedAsInTraining() {
    Table table = TestTables.mixed(300, 1);
    TrainedModel model = full(Trainer.logisticRegression()).train(table);
    double[] sorted = java.util.Arrays.stream(table.column("amount"))
        .filter(v -> !Double.isNaN(v))
        .sorted()
        .toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;

    double[] missing = model.predictor().predict(new double[] {Double.NaN, 3, 0, 0});

    assertThat(missing).containsExactly(model.predictor().predict(new double[] {median, 3, 0, 0}));
  }

  @Test
  void predict_ofMissingValueWithoutImputation_isATypedError() {
    Table table = TestTables.breastCancer();
    TrainedModel model = Recipe.builder()
        .standardise()
        .trainer(Trainer.logisticRegression())
        .build()
        .train(table);
    double[] row = table.row(0);
    row[2] = Double.NaN;

    assertThatThrownBy(() -> model.predictor().predict(row))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("[mean perimeter] are missing");
    row[2] = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> model.predictor().predict(row))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'mean perimeter' must be finite");
  }

  @Test
  void predict_ofWrongLengths_isRefused() {
    TrainedModel model = full(Trainer.logisticRegression()).train(TestTables.mixed(200, 1));

    assertThatThrownBy(() -> model.predictor().predict(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row needs 4 values and 2 scores, got 3 and 2");
    assertThatThrownBy(() -> model.predictor().predict(new double[4], new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row needs 4 values and 2 scores, got 4 and 1");
  }

  @Test
  void train_ofOneClass_isRefused() {
    Table table = TestTables.mixed(100, 1);
    Table oneClass = table.select(IntStream.range(1, 10).toArray());

    assertThatThrownBy(() -> full(Trainer.randomForest()).train(oneClass))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "training needs rows of at least two classes of label 'fraud', all 9 rows are 'no'");
  }

  @Test
  void train_withoutEncodingOrImputation_isRefusedWithAdvice() {
    Table table = TestTables.mixed(100, 1);

    assertThatThrownBy(() ->
            Recipe.builder().impute().trainer(Trainer.randomForest()).build().train(table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("column 'country' is categorical")
        .hasMessageContaining("oneHot()");
    assertThatThrownBy(() ->
            Recipe.builder().oneHot().trainer(Trainer.randomForest()).build().train(table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the value is missing; add impute()");
  }

  @Test
  void train_ofWrongKindOfTarget_isRefused() {
    assertThatThrownBy(() -> full(Trainer.linearRegression()).train(TestTables.mixed(100, 1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("LinearRegression learns quantities");
    assertThatThrownBy(() -> Recipe.builder()
            .trainer(Trainer.logisticRegression())
            .build()
            .train(TestTables.diabetes()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("LogisticRegression learns classes");
  }

  @Test
  void optimiser_adam_isRefusedWithTheReason() {
    assertThatThrownBy(() -> Trainer.logisticRegression().optimiser(Trainer.Optimiser.ADAM))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("multiplies by the second moment where Adam divides");
  }

  @Test
  void adaBoost_overTreesThatNeverSplit_isRefused() {
    assertThatThrownBy(() -> Trainer.adaBoost().minChildWeight(5))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("model would be constant");
    var split = TestTables.breastCancer().split(0.7, 1);
    TrainedModel model =
        Recipe.builder().trainer(Trainer.adaBoost().trees(20)).build().train(split.train());
    assertThat(Evaluation.of(model.predictor(), split.test()).metric("roc_auc"))
        .isGreaterThan(0.95);
  }

  @Test
  void balanceClasses_movesScoresTowardsTheRareClass() {
    Table table = TestTables.mixed(600, 9);
    Recipe.Builder plain = Recipe.builder().impute().standardise().oneHot().seed(1);
    for (Trainer trainer : List.of(
        Trainer.logisticRegression(),
        Trainer.rbfSvm(),
        Trainer.randomForest().trees(20).maxDepth(3),
        Trainer.gradientBoostedTrees().trees(10))) {
      double without = meanPositive(plain.trainer(trainer).build().train(table), table);
      double with = meanPositive(
          Recipe.builder()
              .impute()
              .standardise()
              .oneHot()
              .seed(1)
              .balanceClasses()
              .trainer(trainer)
              .build()
              .train(table),
          table);
      if (trainer instanceof Trainer.RbfSvm) {
        assertThat(with).isNotEqualTo(without); // LibSVM's probabilities undo the weights' shift
      } else {
        assertThat(with).as(trainer.toString()).isGreaterThan(without + 0.05);
      }
    }
  }

  private static double meanPositive(TrainedModel model, Table table) {
    double sum = 0;
    for (double[] row : table.rows()) {
      sum += model.predictor().predict(row)[1];
    }
    return sum / table.size();
  }

  @Test
  void classWeights_ofUnknownClass_isRefused() {
    assertThatThrownBy(() -> Recipe.builder()
            .impute()
            .oneHot()
            .classWeights(Map.of("maybe", 2.0))
            .trainer(Trainer.decisionTree())
            .build()
            .train(TestTables.mixed(100, 1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'maybe'");
  }

  @Test
  void train_regression_beatsTheMean() {
    var split = TestTables.diabetes().split(0.7, 3);
    for (Trainer trainer : List.of(
        Trainer.linearRegression(),
        Trainer.randomForest().trees(50),
        Trainer.extraTrees().trees(50),
        Trainer.rbfSvm(),
        Trainer.gradientBoostedTrees().trees(50).maxDepth(3))) {
      TrainedModel model =
          Recipe.builder().standardise().trainer(trainer).seed(1).build().train(split.train());

      assertThat(Evaluation.of(model.predictor(), split.test()).metric("r2"))
          .as(trainer.toString())
          .isGreaterThan(0.3);
    }
  }

  @Test
  void calibrate_afterOversampling_undoesTheInflatedScores() {
    var split = TestTables.mixed(2000, 12).split(0.6, 1);
    for (Calibration calibration : List.of(Calibration.platt(), Calibration.isotonic())) {
      Recipe.Builder builder =
          Recipe.builder().impute().standardise().oneHot().oversample(2).seed(5);
      Trainer trainer = Trainer.logisticRegression();
      TrainedModel raw = builder.trainer(trainer).build().train(split.train());
      TrainedModel calibrated = builder.calibrate(calibration).build().train(split.train());

      for (double[] row : split.test().rows()) {
        double[] scores = calibrated.predictor().predict(row);
        assertThat(scores[0] + scores[1]).isCloseTo(1, within(1e-12));
      }
      Evaluation before = Evaluation.of(raw.predictor(), split.test());
      Evaluation after = Evaluation.of(calibrated.predictor(), split.test());
      assertThat(after.metric("brier")).isLessThan(0.8 * before.metric("brier"));
      assertThat(after.metric("calibration_error"))
          .isLessThan(0.5 * before.metric("calibration_error"));
      Predictor read =
          new TribuoFormat().read(TestTables.tribuoFile(calibrated).content(), calibrated.schema());
      assertThat(read.predict(split.test().row(0)))
          .containsExactly(calibrated.predictor().predict(split.test().row(0)));
    }
  }

  @Test
  void schema_ofTrainedModel_isTheTables() {
    Table table = TestTables.iris();
    TrainedModel model =
        Recipe.builder().trainer(Trainer.decisionTree()).build().train(table);

    assertThat(model.schema()).isEqualTo(table.schema());
    assertThat(model.schema().target()).isInstanceOf(Target.Classes.class);
    assertThat(model.dataFingerprint()).isEqualTo(table.fingerprint());
    assertThat(model.files())
        .extracting(ModelFile::name)
        .containsExactly("model.flat", "model.tribuo", "recipe.json", "golden-rows");
  }
}
