package dev.mlops.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.data.Feature;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Sampler;
import dev.mlops.training.TestTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SmoteSamplerTest {
  private static final List<Feature> NUMBERS =
      List.of(new Feature.Numeric("a"), new Feature.Numeric("b"), new Feature.Numeric("c"));
  private static final Target CLASSES = new Target.Classes("y", List.of("no", "yes"));

  @Test
  void synthetic_ofRecordedDraws_agreesWithImbalancedLearn() throws IOException {
    var mapper = new ObjectMapper();
    JsonNode vector =
        mapper.readTree(TestTables.resource("/dev/mlops/training/smote.json").toFile());
    double[][] x = mapper.convertValue(vector.get("X"), double[][].class);
    int[] y = mapper.convertValue(vector.get("y"), int[].class);
    List<double[]> minority = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      if (y[i] == 1) {
        minority.add(x[i]);
      }
    }

    SmoteSampler sampler = SmoteSampler.of(minority, NUMBERS, vector.get("k").intValue(), "1");

    assertThat(sampler.neighbours())
        .isDeepEqualTo(mapper.convertValue(vector.get("minority_neighbors"), int[][].class));
    int[] flat = mapper.convertValue(vector.get("draw_flat_index"), int[].class);
    double[] steps = mapper.convertValue(vector.get("draw_step"), double[].class);
    double[][] expected = mapper.convertValue(vector.get("X_new"), double[][].class);
    for (int i = 0; i < flat.length; i++) {
      assertThat(sampler.synthetic(flat[i], steps[i], new Random(0)))
          .containsExactly(expected[i], within(1e-12));
    }
  }

  private static Frame frame(int majority, int minority) {
    var random = new Random(4);
    double[][] rows = new double[majority + minority][];
    double[] targets = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      targets[i] = i < minority ? 1 : 0;
      rows[i] = random.doubles(3).map(v -> v + targets[0]).toArray();
    }
    return new Frame(NUMBERS, rows, targets);
  }

  @Test
  void resample_smote_evensOutAndKeepsOriginalRowsFirst() {
    Frame frame = frame(50, 10);

    Frame even = Resampler.resample(new Sampler.Smote(5, 1), frame, CLASSES);

    assertThat(even.rows()).hasDimensions(100, 3);
    assertThat(Arrays.stream(even.targets()).sum()).isEqualTo(50);
    assertThat(Arrays.copyOf(even.rows(), 60)).isDeepEqualTo(frame.rows());
  }

  @Test
  void resample_smote_liesOnSegmentsBetweenMinorityRows() {
    Frame frame = frame(50, 10);

    Frame even = Resampler.resample(new Sampler.Smote(5, 1), frame, CLASSES);

    for (int i = 60; i < 100; i++) {
      double[] made = even.rows()[i];
      boolean onSegment = false;
      for (int a = 0; a < 10 && !onSegment; a++) {
        for (int b = 0; b < 10 && !onSegment; b++) {
          onSegment = a != b && between(frame.rows()[a], frame.rows()[b], made);
        }
      }
      assertThat(onSegment).as("row " + i).isTrue();
    }
  }

  private static boolean between(double[] a, double[] b, double[] p) {
    double step = (p[0] - a[0]) / (b[0] - a[0]);
    for (int j = 0; j < p.length; j++) {
      if (Math.abs(a[j] + step * (b[j] - a[j]) - p[j]) > 1e-9) {
        return false;
      }
    }
    return step >= 0 && step <= 1;
  }

  @Test
  void resample_withTheSameSeed_isTheSame() {
    Frame once = Resampler.resample(new Sampler.Smote(3, 8), frame(30, 8), CLASSES);

    assertThat(
            Resampler.resample(new Sampler.Smote(3, 8), frame(30, 8), CLASSES).rows())
        .isDeepEqualTo(once.rows());
    assertThat(Arrays.deepEquals(
            Resampler.resample(new Sampler.Smote(3, 9), frame(30, 8), CLASSES).rows(), once.rows()))
        .isFalse();
  }

  @Test
  void resample_ofTooFewRows_isRefusedWithAdvice() {
    assertThatThrownBy(() -> Resampler.resample(new Sampler.Smote(5, 1), frame(20, 5), CLASSES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("k=5 needs more than 5 rows of class 'yes', got 5");
  }

  @Test
  void resample_overAndUnder_evenOutWithExistingRows() {
    Frame frame = frame(30, 8);

    Frame over = Resampler.resample(new Sampler.Oversample(1), frame, CLASSES);
    Frame under = Resampler.resample(new Sampler.Undersample(1), frame, CLASSES);

    assertThat(over.targets()).hasSize(60);
    assertThat(Arrays.stream(over.targets()).sum()).isEqualTo(30);
    assertThat(Arrays.asList(over.rows()).subList(38, 60))
        .allSatisfy(row -> assertThat(List.of(frame.rows())).contains(row));
    assertThat(under.targets()).hasSize(16);
    assertThat(Arrays.stream(under.targets()).sum()).isEqualTo(8);
    assertThat(List.of(under.rows())).doesNotHaveDuplicates();
  }

  @Test
  void resample_smoteOverCategories_isRefusedWithAdvice() {
    Frame frame = new Frame(
        List.of(new Feature.Categorical("c", List.of("a", "b"))),
        new double[][] {{0}, {1}, {0}},
        new double[] {0, 1, 0});

    assertThatThrownBy(() -> Resampler.resample(new Sampler.Smote(1, 1), frame, CLASSES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'c' is categorical");
  }

  /** The draws, categories and numbers of imbalanced-learn; the file says how they were made. */
  @Test
  void synthetic_ofRecordedMixedDraws_agreesWithImbalancedLearn() throws IOException {
    var mapper = new ObjectMapper();
    JsonNode vector =
        mapper.readTree(TestTables.resource("/dev/mlops/training/smote-nc.json").toFile());
    double[][] x = mapper.convertValue(vector.get("X"), double[][].class);
    int[] y = mapper.convertValue(vector.get("y"), int[].class);
    List<double[]> minority =
        IntStream.range(0, y.length).filter(i -> y[i] == 1).mapToObj(i -> x[i]).toList();
    List<Feature> columns = List.of(
        new Feature.Numeric("a"),
        new Feature.Numeric("b"),
        new Feature.Categorical("c", List.of("0", "1", "2")),
        new Feature.Categorical("d", List.of("0", "1")));

    SmoteSampler sampler = SmoteSampler.of(minority, columns, vector.get("k").intValue(), "1");

    assertThat(SmoteSampler.medianDeviation(minority, new boolean[] {false, false, true, true}))
        .isCloseTo(vector.get("median_std").doubleValue(), within(1e-12));
    int[] flat = mapper.convertValue(vector.get("draw_flat_index"), int[].class);
    double[] steps = mapper.convertValue(vector.get("draw_step"), double[].class);
    double[][] expected = mapper.convertValue(vector.get("X_new"), double[][].class);
    assertThat(flat).hasSize(18);
    for (int i = 0; i < flat.length; i++) {
      assertThat(sampler.synthetic(flat[i], steps[i], new Random(0)))
          .containsExactly(expected[i], within(1e-12));
    }
  }

  @Test
  void draw_takesOneFlatIndexPerRowAndThenOneStep() {
    List<double[]> rows = IntStream.range(0, 7)
        .mapToObj(i -> new double[] {i * i, -i, Math.sqrt(i)})
        .toList();
    SmoteSampler sampler = SmoteSampler.of(rows, NUMBERS, 2, "1");
    var random = new Random(5);
    int[] flat = IntStream.generate(() -> random.nextInt(14)).limit(50).toArray();

    List<double[]> drawn = sampler.draw(50, new Random(5));

    assertThat(drawn).hasSize(50);
    for (int i = 0; i < 50; i++) {
      assertThat(drawn.get(i))
          .containsExactly(sampler.synthetic(flat[i], random.nextDouble(), new Random(0)));
    }
  }

  private static final List<Feature> MIXED =
      List.of(new Feature.Numeric("a"), new Feature.Categorical("c", List.of("0", "1", "2")));

  /** The neighbours of row 0 are rows 1 to 4; two categories are equally frequent among them. */
  @Test
  void synthetic_ofEquallyFrequentCategories_takesEitherAndNoOther() {
    List<double[]> rows = List.of(
        new double[] {0, 2},
        new double[] {1, 2},
        new double[] {2, 0},
        new double[] {3, 0},
        new double[] {4, 1},
        new double[] {5, 1},
        new double[] {60, 2});
    SmoteSampler sampler = SmoteSampler.of(rows, MIXED, 5, "1");
    var random = new Random(1);

    double[] made = IntStream.range(0, 200)
        .mapToDouble(i -> sampler.synthetic(0, 0.5, random)[1])
        .distinct()
        .sorted()
        .toArray();

    assertThat(made).containsExactly(0, 1);
  }

  @Test
  void nearest_ofEqualDistances_takesTheEarlier() {
    List<double[]> rows = List.of(
        new double[] {0}, new double[] {1}, new double[] {-1}, new double[] {1}, new double[] {9});

    int[][] nearest = Neighbours.nearest(rows, 2, Neighbours::euclidean);

    assertThat(nearest[0]).containsExactly(1, 2);
    assertThat(nearest[1]).containsExactly(3, 0);
    assertThat(nearest[4]).containsExactly(1, 3);
  }

  private static final Target THREE = new Target.Classes("y", List.of("no", "yes", "never"));

  @Test
  void resample_withAClassWithoutRows_leavesItWithout() {
    Frame frame = frame(30, 8);

    for (Sampler sampler :
        List.of(new Sampler.Smote(3, 1), new Sampler.Oversample(1), new Sampler.Undersample(1))) {
      Frame even = Resampler.resample(sampler, frame, THREE);

      int size = sampler instanceof Sampler.Undersample ? 8 : 30;
      assertThat(Arrays.stream(even.targets()).filter(t -> t == 0)).hasSize(size);
      assertThat(Arrays.stream(even.targets()).filter(t -> t == 1)).hasSize(size);
      assertThat(even.targets()).hasSize(2 * size).hasSameSizeAs(even.rows());
    }
  }

  @Test
  void resample_oversample_keepsTargetsBesideTheirRows() {
    Frame frame = frame(30, 8);

    Frame over = Resampler.resample(new Sampler.Oversample(1), frame, CLASSES);

    assertThat(Arrays.copyOf(over.targets(), 38)).containsExactly(frame.targets());
    assertThat(Arrays.copyOfRange(over.targets(), 38, 60)).containsOnly(1);
    List<double[]> minority = Arrays.asList(frame.rows()).subList(0, 8);
    assertThat(Arrays.asList(over.rows()).subList(38, 60))
        .allSatisfy(row -> assertThat(minority).contains(row));
    assertThat(Arrays.stream(over.rows()).skip(38).distinct().count()).isGreaterThan(4);
  }

  @Test
  void resample_undersample_dropsOtherRowsWithAnotherSeed() {
    Frame frame = frame(30, 8);

    Frame one = Resampler.resample(new Sampler.Undersample(1), frame, CLASSES);
    Frame other = Resampler.resample(new Sampler.Undersample(2), frame, CLASSES);

    assertThat(Arrays.deepEquals(one.rows(), other.rows())).isFalse();
    assertThat(Arrays.asList(frame.rows())).containsSubsequence(one.rows());
    assertThat(Arrays.copyOf(one.targets(), 8)).containsOnly(1);
  }

  @Test
  void resample_ofAQuantity_isRefused() {
    assertThatThrownBy(() -> Resampler.resample(
            new Sampler.Oversample(1), frame(3, 3), new Target.Quantity("price")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("evens out classes, but label 'price' is a quantity");
  }

  @Test
  void resample_smoteNc_makesMixedRows() {
    Frame frame = new Frame(
        MIXED,
        new double[][] {{0, 0}, {1, 0}, {2, 1}, {3, 0}, {9, 2}, {9, 2}, {9, 2}, {9, 2}, {9, 2}},
        new double[] {1, 1, 1, 1, 0, 0, 0, 0, 0});

    Frame even = Resampler.resample(new Sampler.SmoteNc(3, 1), frame, CLASSES);

    assertThat(even.rows()).hasDimensions(10, 2);
    assertThat(even.targets()[9]).isEqualTo(1);
    assertThat(even.rows()[9][0]).isBetween(0.0, 3.0);
    assertThat(even.rows()[9][1]).isEqualTo(0);
  }

  @Test
  void samplers_withoutNeighboursOrNumbers_areRefused() {
    assertThatThrownBy(() -> new Sampler.Smote(0, 1)).isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new Sampler.SmoteNc(0, 1)).isInstanceOf(InvalidInputException.class);
    List<Feature> texts = List.of(new Feature.Categorical("c", List.of("a", "b")));
    assertThatThrownBy(
            () -> SmoteSampler.of(List.of(new double[] {0}, new double[] {1}), texts, 1, "yes"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at least one numeric column");
    List<double[]> missing = List.of(new double[] {0, 1, 2}, new double[] {1, Double.NaN, 2});
    assertThatThrownBy(() -> SmoteSampler.of(missing, NUMBERS, 1, "yes"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("column 'b' has missing values");
  }
}
