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
}
