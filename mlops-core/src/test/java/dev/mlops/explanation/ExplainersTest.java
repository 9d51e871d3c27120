package dev.mlops.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.PermutationImportance;
import dev.mlops.explanation.internal.FlatTree;
import dev.mlops.explanation.internal.TreeShap;
import dev.mlops.model.Predictor;
import dev.mlops.training.Explainers;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.Trainer;
import dev.mlops.training.tribuo.TribuoFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainersTest {

  static Stream<Trainer> trees() {
    return Stream.of(
        Trainer.randomForest().trees(20).maxDepth(6),
        Trainer.extraTrees().trees(10),
        Trainer.decisionTree(),
        Trainer.adaBoost().trees(10));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void explain_ofTrees_sumsToThePredictionOnEveryRow(Trainer trainer) {
    Table table = TestTables.mixed(400, 8);
    var model =
        Recipe.builder().impute().oneHot().trainer(trainer).seed(2).build().train(table);
    Predictor served =
        new TribuoFormat().read(TestTables.tribuoFile(model).content(), model.schema());

    Explainer explainer = Explainers.of(served, table);

    for (double[] row : table.rows()) {
      double[] scores = served.predict(row);
      Explanation explanation = explainer.explain(row);
      for (int k = 0; k < scores.length; k++) {
        assertThat(explanation.value(k)).isCloseTo(scores[k], within(1e-9));
      }
    }
  }

  @Test
  void explain_ofRegressionForest_sumsToThePrediction() {
    Table table = TestTables.diabetes();
    var model = Recipe.builder()
        .trainer(Trainer.randomForest().trees(20).maxDepth(8))
        .build()
        .train(table);
    Explainer explainer = Explainers.of(model.predictor(), table);

    for (double[] row : table.rows()) {
      assertThat(explainer.explain(row).value(0))
          .isCloseTo(model.predictor().predict(row)[0], within(1e-9));
    }
  }

  @Test
  void explain_ofLinearModels_sumsToTheMargin() {
    Table table = TestTables.mixed(300, 2);
    var logistic = Recipe.builder()
        .impute()
        .standardise()
        .oneHot()
        .trainer(Trainer.logisticRegression())
        .build()
        .train(table);
    Explainer explainer = Explainers.of(logistic.predictor(), table);

    for (double[] row : table.rows()) {
      Explanation explanation = explainer.explain(row);
      double[] scores = logistic.predictor().predict(row);
      assertThat(explanation.scale()).isEqualTo(Explanation.Scale.MARGIN);
      assertThat(explanation.value(1) - explanation.value(0))
          .isCloseTo(Math.log(scores[1] / scores[0]), within(1e-9));
    }
    Table numbers = TestTables.diabetes();
    var linear = Recipe.builder()
        .standardise()
        .trainer(Trainer.linearRegression())
        .build()
        .train(numbers);
    assertThat(
            Explainers.of(linear.predictor(), numbers).explain(numbers.row(3)).value(0))
        .isCloseTo(linear.predictor().predict(numbers.row(3))[0], within(1e-9));
  }

  /** Shapley's formula over all subsets, with the path-dependent value of a subset. */
  @Test
  void explain_ofRandomTrees_agreesWithShapleysFormulaOverAllSubsets() {
    long seed = 17;
    var random = new Random(seed);
    for (int trial = 0; trial < 50; trial++) {
      int features = 4;
      double[][] rows = new double[40][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = random.doubles(features).toArray();
      }
      var builder = new FlatTree.Builder();
      grow(builder, random, features, 4);
      FlatTree tree = builder.build();
      var shap = new TreeShap(List.of(tree), new double[1], rows);
      double[] row = random.doubles(features).toArray();
      double[][] found = new double[1][features];

      shap.explain(row, found);

      double[] cover = new double[tree.feature().length];
      for (double[] r : rows) {
        for (int node = 0; node >= 0; ) {
          cover[node]++;
          node = tree.feature()[node] < 0
              ? -1
              : r[tree.feature()[node]] > tree.threshold()[node]
                  ? tree.high()[node]
                  : tree.low()[node];
        }
      }
      smooth(tree, 0, cover);
      for (int j = 0; j < features; j++) {
        double expected = 0;
        for (int subset = 0; subset < 1 << features; subset++) {
          if ((subset >> j & 1) == 0) {
            int size = Integer.bitCount(subset);
            double weight = factorial(size) * factorial(features - size - 1) / factorial(features);
            expected += weight
                * (value(tree, 0, row, subset | 1 << j, cover)
                    - value(tree, 0, row, subset, cover));
          }
        }
        assertThat(found[0][j])
            .as("seed %d, trial %d", seed, trial)
            .isCloseTo(expected, within(1e-12));
      }
      assertThat(shap.baselines()[0]).isCloseTo(value(tree, 0, row, 0, cover), within(1e-12));
    }
  }

  private static int grow(FlatTree.Builder builder, Random random, int features, int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return builder.leaf(new double[] {random.nextGaussian()});
    }
    int node = builder.split(random.nextInt(features), random.nextDouble());
    int low = grow(builder, random, features, depth - 1);
    int high = grow(builder, random, features, depth - 1);
    builder.children(node, low, high);
    return node;
  }

  /** A leaf that no row reaches counts as one row, as the explainer states. */
  private static double smooth(FlatTree tree, int node, double[] cover) {
    cover[node] = tree.feature()[node] < 0
        ? Math.max(1, cover[node])
        : smooth(tree, tree.low()[node], cover) + smooth(tree, tree.high()[node], cover);
    return cover[node];
  }

  private static double value(FlatTree tree, int node, double[] row, int known, double[] cover) {
    int feature = tree.feature()[node];
    if (feature < 0) {
      return tree.value()[node][0];
    }
    int low = tree.low()[node];
    int high = tree.high()[node];
    if ((known >> feature & 1) == 1) {
      return value(tree, row[feature] > tree.threshold()[node] ? high : low, row, known, cover);
    }
    return (cover[low] * value(tree, low, row, known, cover)
            + cover[high] * value(tree, high, row, known, cover))
        / cover[node];
  }

  private static double factorial(int n) {
    return n <= 1 ? 1 : n * factorial(n - 1);
  }

  @Test
  void contribution_ofTheFeatureThatDecides_pointsToItsClass() {
    Table table = TestTables.mixed(600, 5);
    var model = Recipe.builder()
        .impute()
        .oneHot()
        .trainer(Trainer.randomForest().trees(30))
        .build()
        .train(table);
    double[] row = {60, 12, 0, 1};

    Explanation explanation = Explainers.of(model.predictor(), table).explain(row);

    assertThat(explanation.top(1, 2)).hasSize(2);
    assertThat(explanation.top(1, 4)).extracting("feature").contains("amount");
    assertThat(explanation.contribution(1, "amount")).isPositive();
    assertThat(explanation.contribution(0, "amount")).isNegative();
  }

  @Test
  void permutationImportance_isZeroForWhatTheModelIgnoresAndPositiveForTheRest() {
    Table table = TestTables.mixed(600, 5).without("country");
    Predictor amountOnly = new Predictor() {
      @Override
      public dev.mlops.data.Schema schema() {
        return table.schema();
      }

      @Override
      public boolean givesProbabilities() {
        return true;
      }

      @Override
      public void predict(double[] row, double[] scores) {
        scores[1] = Double.isNaN(row[0]) ? 0.1 : row[0] / (row[0] + 10);
        scores[0] = 1 - scores[1];
      }

      @Override
      public String describe() {
        return "amount only";
      }
    };

    for (String metric : List.of("roc_auc", "log_loss")) {
      var importances = PermutationImportance.of(amountOnly, table, metric, 3, 1);

      assertThat(importances.get(0).feature()).isEqualTo("amount");
      assertThat(importances.get(0).mean()).isPositive();
      assertThat(importances.subList(1, 3)).allSatisfy(importance -> {
        assertThat(importance.mean()).isZero();
        assertThat(importance.deviation()).isZero();
      });
    }
  }

  @Test
  void of_kernelMachine_isRefusedWithAdvice() {
    Table table = TestTables.iris();
    var model = Recipe.builder().trainer(Trainer.rbfSvm()).build().train(table);

    assertThatThrownBy(() -> Explainers.of(model.predictor(), table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("PermutationImportance");
  }
}
