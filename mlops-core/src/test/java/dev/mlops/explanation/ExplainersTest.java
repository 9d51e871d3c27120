package dev.mlops.explanation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.explanation.internal.FlatTree;
import dev.mlops.explanation.internal.TreeShap;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.Additive;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.LinearKernel;
import dev.mlops.model.internal.SupportVectors;
import dev.mlops.model.internal.SvmKernel;
import dev.mlops.model.internal.TreeNode;
import dev.mlops.model.internal.XgboostFormat;
import dev.mlops.training.Explainers;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.Trainer;
import dev.mlops.training.tribuo.TribuoFormat;
import java.util.Arrays;
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
    Predictor library =
        new TribuoFormat().read(TestTables.tribuoFile(model).content(), model.schema());

    Explainer explainer = Explainers.of(model.predictor(), table);
    Explainer ofLibrary = Explainers.of(library, table);

    for (double[] row : table.rows()) {
      double[] scores = model.predictor().predict(row);
      Explanation explanation = explainer.explain(row);
      assertThat(explanation.scale()).isEqualTo(Explanation.Scale.SCORE);
      for (int k = 0; k < scores.length; k++) {
        assertThat(explanation.value(k)).isCloseTo(scores[k], within(1e-9));
        assertThat(ofLibrary.explain(row).contributions(k))
            .containsExactly(explanation.contributions(k));
      }
    }
  }

  /** The margin summed tree by tree, by hand, in double precision. */
  private static double[] margins(Additive.Trees model, double[] inputs) {
    double[] sums = model.leaves().base().clone();
    for (int t = 0; t < model.trees().size(); t++) {
      TreeNode node = model.trees().get(t);
      while (node instanceof TreeNode.Split split) {
        double value = inputs[split.input()];
        boolean right = Double.isNaN(value) ? split.missingRight() : value > split.threshold();
        node = right ? split.right() : split.left();
      }
      double[] leaf = model.leaves().values().of(t, ((TreeNode.Leaf) node).value());
      for (int k = 0; k < sums.length; k++) {
        sums[k] += leaf[k];
      }
    }
    return sums;
  }

  static Stream<Table> boostable() {
    return Stream.of(TestTables.mixed(400, 8), TestTables.iris(), TestTables.diabetes());
  }

  @ParameterizedTest
  @MethodSource("boostable")
  void explain_ofGradientBoostedTrees_sumsToTheMargin(Table table) {
    var model = Recipe.builder()
        .impute()
        .oneHot()
        .trainer(Trainer.gradientBoostedTrees().trees(30))
        .build()
        .train(table);
    var compiled = (CompiledPredictor) model.predictor();
    var trees = (Additive.Trees) compiled.additive().orElseThrow();
    boolean classes = table.schema().target() instanceof Target.Classes;

    Explainer explainer = Explainers.of(compiled, table);

    for (double[] row : table.rows()) {
      Explanation explanation = explainer.explain(row);
      double[] margins = margins(trees, compiled.inputs(row));
      double[] values = new double[margins.length];
      for (int k = 0; k < values.length; k++) {
        values[k] = explanation.value(k);
        assertThat(values[k])
            .isCloseTo(margins[k], within(1e-9 * Math.max(1, Math.abs(margins[k]))));
      }
      double[] scores = compiled.predict(row);
      assertThat(explanation.scale())
          .isEqualTo(classes ? Explanation.Scale.MARGIN : Explanation.Scale.SCORE);
      // the model adds floats
      assertThat(classes ? softmax(values) : values)
          .containsExactly(scores, within(1e-5 * Math.max(1, Math.abs(scores[0]))));
    }
  }

  private static double[] softmax(double[] margins) {
    double sum = Arrays.stream(margins).map(Math::exp).sum();
    return Arrays.stream(margins).map(m -> Math.exp(m) / sum).toArray();
  }

  private static final String XGBOOST = """
      {"version":[1,7,6],"learner":{"learner_model_param":
      {"base_score":"3E-1","num_class":"0","num_feature":"2"},
      "objective":{"name":"binary:logistic"},
      "gradient_booster":{"name":"gbtree","model":{"tree_info":[0,0],"trees":[
      {"left_children":[1,-1,3,-1,-1],"right_children":[2,-1,4,-1,-1],
      "split_indices":[0,0,1,0,0],"split_conditions":[0.25,-0.4,-0.5,0.6,0.1],
      "default_left":[0,0,1,0,0]},
      {"left_children":[1,-1,-1],"right_children":[2,-1,-1],
      "split_indices":[1,0,0],"split_conditions":[0.1,0.3,-0.2],
      "default_left":[1,0,0]}]}}}}
      """;

  /**
   * A model of another tool, with one margin for two classes and a direction for missing values.
   */
  @Test
  void explain_ofExternalBoostedTreesWithMissingValues_sumsToTheLogOdds() {
    Schema schema = new Schema(
        List.of(new Feature.Numeric("a"), new Feature.Numeric("b")),
        new Target.Classes("y", List.of("no", "yes")));
    var random = new Random(6);
    double[][] rows = new double[200][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {
        random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian(), random.nextGaussian()
      };
      if (i % 5 == 0) {
        rows[i] = new double[] {rows[i][1], Double.NaN};
      }
    }
    Predictor model = new XgboostFormat().read(XGBOOST.getBytes(UTF_8), schema);

    Explainer explainer = Explainers.of(model, Table.of(schema, rows, new double[rows.length]));

    int moved = 0;
    for (double[] row : rows) {
      Explanation explanation = explainer.explain(row);
      double[] scores = model.predict(row);
      assertThat(explanation.value(1) - explanation.value(0))
          .isCloseTo(Math.log(scores[1] / scores[0]), within(1e-5));
      moved += Double.isNaN(row[0]) && explanation.contribution(1, "a") != 0 ? 1 : 0;
    }
    assertThat(moved).as("rows in which a missing value says something").isPositive();
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
      grow(builder, random, features, 2 + trial % 7);
      FlatTree tree = builder.build();
      var shap = new TreeShap(List.of(tree), new double[1], rows, Explanation.Scale.SCORE);
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

  /** A chain of as many features as levels, all of which the row follows or half of which. */
  @Test
  void explain_ofAChainOfFortyFeatures_sumsToThePrediction() {
    int features = 40;
    var builder = new FlatTree.Builder();
    int[] nodes = new int[features];
    for (int j = 0; j < features; j++) {
      nodes[j] = builder.split(j, 0.02, false);
    }
    int last = builder.leaf(new double[] {features});
    for (int j = 0; j < features; j++) {
      builder.children(
          nodes[j], builder.leaf(new double[] {j}), j + 1 < features ? nodes[j + 1] : last);
    }
    FlatTree tree = builder.build();
    var random = new Random(3);
    double[][] rows = new double[500][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.doubles(features).toArray();
    }
    var shap = new TreeShap(List.of(tree), new double[1], rows, Explanation.Scale.SCORE);

    for (int stop : new int[] {1, 20, features}) {
      double[] row = new double[features];
      Arrays.fill(row, 0, Math.min(stop, features), 1);
      double[][] found = new double[1][features];
      shap.explain(row, found);

      assertThat(shap.baselines()[0] + Arrays.stream(found[0]).sum())
          .as("a row that stops at level %d", stop)
          .isCloseTo(stop, within(1e-9));
    }
  }

  private static int grow(FlatTree.Builder builder, Random random, int features, int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return builder.leaf(new double[] {random.nextGaussian()});
    }
    int node = builder.split(random.nextInt(features), random.nextDouble(), false);
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
  void of_kernelMachine_isRefusedWithAdvice() {
    Table table = TestTables.iris();
    var model = Recipe.builder().trainer(Trainer.rbfSvm()).build().train(table);

    assertThatThrownBy(() -> Explainers.of(model.predictor(), table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("its scores are no sum over features or trees")
        .hasMessageContaining("PermutationImportance works for all");
  }

  @Test
  void explain_ofARowThatTheModelRefuses_isRefusedAlike() {
    Table table = TestTables.iris();
    var model = Recipe.builder().trainer(Trainer.decisionTree()).build().train(table);
    Explainer explainer = Explainers.of(model.predictor(), table);

    assertThatThrownBy(() -> explainer.explain(new double[] {1, Double.NaN, 1, 1}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> explainer.explain(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row needs 4 values, got 3");
  }

  /** The kernels that no trainer of ours makes: LIBLINEAR's links and linear SVMs. */
  static Stream<Kernel> sums() {
    double[][] two = {{0.5, -1, 2}, {-0.3, 0.7, 0.1}};
    double[] biases = {0.2, -0.4};
    int[] columns = {2, 0, 1};
    int[] swapped = {1, 0};
    double[][] one = {{0.5, -1, 2}};
    return Stream.of(
        new LinearKernel(3, columns, two, biases, LinearKernel.Link.SOFTMAX, swapped),
        new LinearKernel(
            3, columns, one, new double[] {1}, LinearKernel.Link.ONE_VERSUS_REST, swapped),
        new LinearKernel(
            3, columns, one, new double[] {1}, LinearKernel.Link.ONE_VERSUS_REST_MARGIN, swapped),
        svm(new int[] {1, 2}, new double[] {-1.5}, new double[] {0.3}, swapped));
  }

  private static SvmKernel svm(int[] perClass, double[] probA, double[] probB, int[] order) {
    return new SvmKernel(
        3,
        new SvmKernel.Parameters(
            new SupportVectors(
                SupportVectors.Similarity.LINEAR, 0, 0, 0, new int[] {0, 1, 2}, new double[][] {
                  {1, 2, 3}, {-1, 0.5, 0.2}, {0.3, 0.1, -2}
                }),
            perClass,
            new double[][] {{0.5, -0.2, -0.3}},
            new double[] {0.25},
            probA,
            probB,
            order,
            2,
            7));
  }

  @ParameterizedTest
  @MethodSource("sums")
  void additive_ofLinearKernels_sumsToScoresOrLogOdds(Kernel kernel) {
    var linear = (Additive.Linear) kernel.additive().orElseThrow();
    var random = new Random(2);
    for (int i = 0; i < 20; i++) {
      double[] x = random.doubles(3).toArray();
      double[] scores = new double[2];
      kernel.score(x, scores);

      double[] sums = {sum(linear, 0, x), sum(linear, 1, x)};

      if (linear.margin()) {
        assertThat(sums[1] - sums[0]).isCloseTo(Math.log(scores[1] / scores[0]), within(1e-12));
      } else {
        assertThat(sums).containsExactly(scores, within(1e-12));
      }
    }
  }

  @Test
  void additive_ofLinearSvm_isAQuantityOrNothingForVotes() {
    SvmKernel quantity = svm(new int[0], new double[0], new double[0], new int[] {0});
    var linear = (Additive.Linear) quantity.additive().orElseThrow();
    double[] score = new double[1];
    quantity.score(new double[] {0.1, 0.2, 0.3}, score);

    assertThat(sum(linear, 0, new double[] {0.1, 0.2, 0.3})).isCloseTo(score[0], within(1e-12));
    assertThat(svm(new int[] {1, 2}, new double[0], new double[0], new int[] {0, 1})
            .additive())
        .isEmpty();
  }

  private static double sum(Additive.Linear linear, int output, double[] x) {
    double sum = linear.biases()[output];
    for (int j = 0; j < x.length; j++) {
      sum += linear.weights()[output][j] * x[j];
    }
    return sum;
  }
}
