package dev.mlops.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.data.Feature;
import dev.mlops.data.Fold;
import dev.mlops.data.Folds;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.evaluation.DeLong;
import dev.mlops.evaluation.ProbabilityMetrics;
import dev.mlops.training.TestTables;
import dev.mlops.training.Transform;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against values recorded from scikit-learn and numpy; the file states how. */
class FitterVectorTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNode VECTOR = read();
  private static final List<String> ALL = List.of();

  private static JsonNode read() {
    try {
      return MAPPER.readTree(
          TestTables.resource("/dev/mlops/training/sklearn.json").toFile());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[][] matrix(String name) {
    JsonNode rows = VECTOR.get(name);
    double[][] matrix = new double[rows.size()][];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = new double[rows.get(i).size()];
      for (int j = 0; j < matrix[i].length; j++) {
        JsonNode value = rows.get(i).get(j);
        matrix[i][j] = value.isNull() ? Double.NaN : value.doubleValue();
      }
    }
    return matrix;
  }

  private static Frame numbers(double[][] rows) {
    List<Feature> columns = IntStream.range(0, rows[0].length)
        .mapToObj(j -> (Feature) new Feature.Numeric("x" + j))
        .toList();
    return new Frame(columns, rows, new double[rows.length]);
  }

  static Stream<Arguments> transforms() {
    return Stream.of(
        Arguments.of("SimpleImputer_mean", new Transform.Impute(Transform.Fill.MEAN, ALL)),
        Arguments.of("SimpleImputer_median", new Transform.Impute(Transform.Fill.MEDIAN, ALL)),
        Arguments.of(
            "SimpleImputer_most_frequent", new Transform.Impute(Transform.Fill.MOST_FREQUENT, ALL)),
        Arguments.of("StandardScaler", new Transform.Standardise(ALL)),
        Arguments.of("MinMaxScaler", new Transform.MinMaxScale(ALL)),
        Arguments.of("RobustScaler", new Transform.RobustScale(ALL)));
  }

  private static void assertClose(double[][] actual, double[][] expected) {
    assertThat(actual).hasSameDimensionsAs(expected);
    for (int i = 0; i < actual.length; i++) {
      for (int j = 0; j < actual[i].length; j++) {
        if (Double.isNaN(expected[i][j])) {
          assertThat(actual[i][j]).isNaN();
        } else {
          assertThat(actual[i][j])
              .as("row %d, column %d", i, j)
              .isCloseTo(expected[i][j], within(1e-9 * Math.max(1, Math.abs(expected[i][j]))));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void fit_ofNumbers_agreesWithScikitLearn(String name, Transform transform) {
    Frame frame = numbers(matrix("X"));

    assertClose(frame.after(Fitter.fit(transform, frame)).rows(), matrix(name));
  }

  @Test
  void fit_ofQuantileBins_agreesWithScikitLearn() {
    Frame frame = numbers(matrix("SimpleImputer_median"));

    assertClose(
        frame.after(Fitter.fit(new Transform.QuantileBins(4, ALL), frame)).rows(),
        matrix("KBinsDiscretizer_4_quantile_of_median_imputed"));
  }

  @Test
  void fit_ofCategories_agreesWithScikitLearnAlsoForUnknownOnes() {
    List<Feature> columns = List.of(new Feature.Categorical("c", List.of("a", "b", "c")));
    Frame frame = new Frame(columns, new double[][] {{1}, {0}, {2}, {0}}, new double[4]);
    Frame fresh = new Frame(
        columns, new double[][] {{1}, {0}, {2}, {Schema.UNKNOWN_CATEGORY}}, new double[4]);

    assertClose(
        fresh.after(Fitter.fit(new Transform.OneHot(ALL), frame)).rows(), matrix("OneHotEncoder"));
    assertClose(
        fresh.after(Fitter.fit(new Transform.Ordinal(ALL), frame)).rows(),
        matrix("OrdinalEncoder"));
  }

  private static Table rows(int n, Map<String, String[]> kept) {
    return Table.ofColumns(
        new Schema(List.of(new Feature.Numeric("x")), new Target.Quantity("y")),
        new double[][] {new double[n]},
        new double[n],
        kept);
  }

  @Test
  void grouped_agreesWithGroupKFold() {
    String[] groups = MAPPER.convertValue(VECTOR.get("groups"), String[].class);
    int[][] expected = MAPPER.convertValue(VECTOR.get("GroupKFold_3"), int[][].class);

    List<Fold> folds = Folds.grouped(3, "g").of(rows(groups.length, Map.of("g", groups)));

    for (int f = 0; f < expected.length; f++) {
      assertThat(folds.get(f).test()).containsExactly(expected[f]);
    }
  }

  @Test
  void timeOrdered_agreesWithTimeSeriesSplit() {
    int[][][] expected =
        MAPPER.convertValue(VECTOR.get("TimeSeriesSplit_4_of_23"), int[][][].class);
    String[] times = IntStream.range(100, 123).mapToObj(Integer::toString).toArray(String[]::new);

    List<Fold> folds = Folds.timeOrdered(4, "t").of(rows(23, Map.of("t", times)));

    for (int f = 0; f < expected.length; f++) {
      assertThat(folds.get(f).train()).containsExactly(expected[f][0]);
      assertThat(folds.get(f).test()).containsExactly(expected[f][1]);
    }
  }

  private static boolean[] positive(JsonNode labels) {
    boolean[] positive = new boolean[labels.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = labels.get(i).intValue() == 1;
    }
    return positive;
  }

  private static double[] doubles(JsonNode node) {
    return MAPPER.convertValue(node, double[].class);
  }

  @Test
  void reliability_andCalibrationError_agree() {
    JsonNode calibration = VECTOR.get("calibration");
    boolean[] y = positive(calibration.get("y"));
    double[] p = doubles(calibration.get("p"));

    var bins = ProbabilityMetrics.reliability(y, p, 10);

    assertThat(bins.stream().mapToDouble(b -> b.positiveShare()).toArray())
        .containsExactly(doubles(calibration.get("prob_true")), within(1e-12));
    assertThat(bins.stream().mapToDouble(b -> b.meanProbability()).toArray())
        .containsExactly(doubles(calibration.get("prob_pred")), within(1e-12));
    assertThat(ProbabilityMetrics.calibrationError(y, p, 10))
        .isCloseTo(calibration.get("ece").doubleValue(), within(1e-12));
  }

  @Test
  void isotonic_agreesWithScikitLearn() {
    JsonNode calibration = VECTOR.get("calibration");
    var map = Isotonic.fit(doubles(calibration.get("p")), positive(calibration.get("y")));

    double[] values =
        Arrays.stream(doubles(VECTOR.at("/isotonic/query"))).map(map::apply).toArray();

    assertThat(values).containsExactly(doubles(VECTOR.at("/isotonic/value")), within(1e-9));
  }

  /** Its optimiser stops early: near its answer, and never a worse likelihood than its own. */
  @Test
  void platt_agreesWithScikitLearn() throws IOException {
    JsonNode platt =
        MAPPER.readTree(TestTables.resource("/dev/mlops/training/platt.json").toFile());
    assertThat(platt.get("cases")).hasSize(3);
    for (JsonNode given : platt.get("cases")) {
      String name = given.get("name").textValue();
      double[] scores = doubles(given.get("scores"));
      boolean[] positive = positive(given.get("y"));

      var map = (FittedCalibration.ScoreMap.Sigmoid) Platt.fit(scores, positive);

      double[] query = doubles(given.get("query"));
      double[] expected = doubles(given.get("probability"));
      for (int i = 0; i < query.length; i++) {
        assertThat(map.apply(query[i])).as(name).isCloseTo(expected[i], within(1e-4));
      }
      double a = given.get("a").doubleValue();
      double b = given.get("b").doubleValue();
      assertThat(plattLoss(map.a(), map.b(), scores, positive))
          .as(name)
          .isLessThanOrEqualTo(plattLoss(a, b, scores, positive) + 1e-12);
    }
  }

  /** Cross-entropy with Platt's targets (N+ + 1)/(N+ + 2) and 1/(N- + 2). */
  private static double plattLoss(double a, double b, double[] scores, boolean[] positive) {
    double positives =
        IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    double negatives = positive.length - positives;
    double loss = 0;
    for (int i = 0; i < scores.length; i++) {
      double target = positive[i] ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
      double p = 1 / (1 + Math.exp(a * scores[i] + b));
      loss -= target * Math.log(p) + (1 - target) * Math.log(1 - p);
    }
    return loss;
  }

  @Test
  void deLong_agreesWithItsDefinition() {
    JsonNode vector = VECTOR.get("delong");
    boolean[] y = positive(vector.get("y"));

    var first = DeLong.area(y, doubles(vector.get("s1")));
    var second = DeLong.area(y, doubles(vector.get("s2")));
    var test = DeLong.compare(y, doubles(vector.get("s1")), doubles(vector.get("s2")));

    assertThat(first.auc()).isCloseTo(vector.get("auc1").doubleValue(), within(1e-12));
    assertThat(first.variance()).isCloseTo(vector.get("var1").doubleValue(), within(1e-12));
    assertThat(second.variance()).isCloseTo(vector.get("var2").doubleValue(), within(1e-12));
    assertThat(test.pValue()).isCloseTo(vector.get("p").doubleValue(), within(1e-9));
    assertThat(first.interval().contains(first.auc())).isTrue();
  }

  @Test
  void smoteNc_distances_agreeWithThePaper() {
    JsonNode vector = VECTOR.get("smote_nc");
    double[][] rows = MAPPER.convertValue(vector.get("rows"), double[][].class);
    List<Feature> columns = List.of(
        new Feature.Numeric("a"),
        new Feature.Numeric("b"),
        new Feature.Categorical("c", List.of("0", "1", "2")),
        new Feature.Categorical("d", List.of("0", "1")));

    SmoteSampler sampler = SmoteSampler.of(List.of(rows), columns, 3, "1");

    assertThat(sampler.neighbours())
        .isDeepEqualTo(MAPPER.convertValue(vector.get("neighbours_3"), int[][].class));
    assertThat(
            SmoteSampler.medianDeviation(List.of(rows), new boolean[] {false, false, true, true}))
        .isCloseTo(vector.get("median_deviation").doubleValue(), within(1e-12));
  }

  @Test
  void smoteNc_synthetic_takesTheMostFrequentCategoryOfTheNeighbours() {
    List<Feature> columns =
        List.of(new Feature.Numeric("a"), new Feature.Categorical("c", List.of("0", "1")));
    List<double[]> rows = List.of(
        new double[] {0, 0}, new double[] {1, 1}, new double[] {2, 1}, new double[] {50, 0});

    SmoteSampler sampler = SmoteSampler.of(rows, columns, 3, "1");

    double[] made = sampler.synthetic(0, 0.5, new java.util.Random(1));
    assertThat(made[1]).isEqualTo(1);
  }
}
