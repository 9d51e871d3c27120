package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Fold;
import dev.mlops.data.Folds;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A planted leak for every transform and sampler: the rows of the validation fold are changed so
 * wildly that anything fitted on them would come out different. The scores of untouched rows must
 * not change by one bit.
 */
class LeakageTest {
  private static final int ROWS = 300;
  private static final Folds FOLDS = Folds.stratified(3, 11);

  record Case(String name, Consumer<Recipe.Builder> steps) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("mean", b -> b.impute(Transform.Fill.MEAN).ordinal()),
        new Case("median", b -> b.impute(Transform.Fill.MEDIAN).ordinal()),
        new Case("most frequent", b -> b.impute(Transform.Fill.MOST_FREQUENT).ordinal()),
        new Case("indicator", b -> b.indicateMissing().impute().ordinal()),
        new Case("standardise", b -> b.impute().standardise().ordinal()),
        new Case("min-max", b -> b.impute().minMaxScale().ordinal()),
        new Case("robust", b -> b.impute().robustScale().ordinal()),
        new Case("quantile bins", b -> b.impute().quantileBins(5).ordinal()),
        new Case("one-hot", b -> b.impute().oneHot()),
        new Case("smote", b -> b.impute().oneHot().smote(3, 5)),
        new Case("smote-nc", b -> b.impute().smoteNc(3, 5).oneHot()),
        new Case("oversample", b -> b.impute().ordinal().oversample(5)),
        new Case("undersample", b -> b.impute().ordinal().undersample(5)),
        new Case("platt", b -> b.impute().ordinal().calibrate(Calibration.platt())),
        new Case("isotonic", b -> b.impute().ordinal().calibrate(Calibration.isotonic())),
        new Case("class weights", b -> b.impute().ordinal().balanceClasses()));
  }

  private static Table table() {
    return TestTables.mixed(ROWS, 21);
  }

  /** The same table with the features of some rows replaced by extreme values. */
  private static Table poisoned(Table table, int[] rows) {
    double[][] values = table.rows();
    var random = new Random(1);
    for (int row : rows) {
      values[row][0] = 1e6 * random.nextDouble();
      values[row][1] = Double.NaN;
      values[row][2] = Schema.UNKNOWN_CATEGORY;
      values[row][3] = 0;
    }
    return Table.of(table.schema(), values, table.targets());
  }

  private static Recipe recipe(Case planted) {
    Recipe.Builder builder = Recipe.builder().seed(3);
    planted.steps().accept(builder);
    return builder.trainer(Trainer.logisticRegression().epochs(3)).build();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void crossValidate_withPlantedRowsInTheFold_fitsTheSameModel(Case planted) {
    Table table = table();
    Fold fold = FOLDS.of(table).get(0);
    int[] probes = IntStream.of(fold.test()).limit(20).toArray();
    int[] poisonedRows = IntStream.of(fold.test()).skip(20).toArray();
    Table poisoned = poisoned(table, poisonedRows);
    Folds onlyThisFold = ignored -> List.of(fold);

    double[][] clean = recipe(planted).crossValidate(table, onlyThisFold).heldBackScores();
    double[][] dirty = recipe(planted).crossValidate(poisoned, onlyThisFold).heldBackScores();

    for (int row : probes) {
      assertThat(dirty[row]).as("row " + row).containsExactly(clean[row]);
    }
  }

  /** The control: fitting that does see these rows gives other scores, so the test can fail. */
  @ParameterizedTest
  @MethodSource("cases")
  void train_withPlantedRowsInTraining_fitsAnotherModel(Case planted) {
    Table table = table();
    Fold fold = FOLDS.of(table).get(0);
    int[] probes = IntStream.of(fold.test()).limit(20).toArray();
    Table poisoned = poisoned(table, IntStream.of(fold.test()).skip(20).toArray());

    var clean = recipe(planted).train(table).predictor();
    var leaky = recipe(planted).train(poisoned).predictor();

    assertThat(IntStream.of(probes).boxed())
        .anySatisfy(row ->
            assertThat(leaky.predict(table.row(row))).isNotEqualTo(clean.predict(table.row(row))));
  }

  /** SMOTE before the split would put copies of validation rows into training. */
  @ParameterizedTest
  @MethodSource("noise")
  void crossValidate_ofNoiseWithSampler_findsNothing(Case planted) {
    var random = new Random(8);
    int n = 200;
    var schema = new Schema(
        List.of(new Feature.Numeric("a"), new Feature.Numeric("b")),
        new Target.Classes("y", List.of("no", "yes")));
    double[][] rows = new double[n][];
    double[] targets = new double[n];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
      targets[i] = i % 5 == 0 ? 1 : 0;
    }
    Recipe.Builder builder = Recipe.builder().seed(1);
    planted.steps().accept(builder);
    Recipe recipe = builder.trainer(Trainer.randomForest().trees(20)).build();

    double auc = recipe
        .crossValidate(Table.of(schema, rows, targets), Folds.stratified(5, 2))
        .means()
        .getOrDefault("roc_auc", Double.NaN);

    assertThat(auc).isBetween(0.3, 0.65);
  }

  static Stream<Case> noise() {
    return Stream.of(
        new Case("smote", b -> b.smote(5, 3)), new Case("oversample", b -> b.oversample(3)));
  }
}
