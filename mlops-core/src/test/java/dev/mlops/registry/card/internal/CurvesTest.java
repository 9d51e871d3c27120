package dev.mlops.registry.card.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.evaluation.RankMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static final double[] LABELS = {0, 0, 1, 1};
  private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8};

  @Test
  void roc_ofFourScores_hasOnePointPerScoreFromTheHighestDown() {
    List<double[]> points = Curves.roc(LABELS, SCORES);

    assertThat(points)
        .containsExactly(point(0, 0), point(0, 0.5), point(0.5, 0.5), point(0.5, 1), point(1, 1));
  }

  @Test
  void roc_ofTiedScores_takesThemInOneStep() {
    List<double[]> points =
        Curves.roc(new double[] {1, 0, 1, 0, 0}, new double[] {0.5, 0.5, 0.9, 0.1, 0.1});

    assertThat(points).containsExactly(point(0, 0), point(0, 0.5), point(1 / 3.0, 1), point(1, 1));
  }

  @Test
  void roc_ofConstantScores_isTheDiagonal() {
    List<double[]> points = Curves.roc(LABELS, new double[] {0.3, 0.3, 0.3, 0.3});

    assertThat(points).containsExactly(point(0, 0), point(1, 1));
  }

  @Test
  void roc_ofOneClassOnly_isEmpty() {
    double[] scores = {0.2, 0.6};

    assertThat(Curves.roc(new double[] {1, 1}, scores)).isEmpty();
    assertThat(Curves.roc(new double[] {0, 0}, scores)).isEmpty();
  }

  @Test
  void roc_ofManyRowsWithTies_enclosesTheAreaOfTheRankFormula() {
    var random = new SplittableRandom(7);
    double[] labels = random.ints(150, 0, 2).asDoubleStream().toArray();
    double[] scores = random.ints(150, 0, 40).mapToDouble(i -> i / 40.0).toArray();

    List<double[]> points = Curves.roc(labels, scores);

    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      double width = points.get(i)[0] - points.get(i - 1)[0];
      area += width * (points.get(i)[1] + points.get(i - 1)[1]) / 2;
    }
    boolean[] positive = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      positive[i] = labels[i] == 1;
    }
    assertThat(area).isCloseTo(RankMetrics.rocAuc(positive, scores), within(1e-12));
  }

  @Test
  void roc_of199Scores_keepsAll200Points() {
    List<double[]> points = bestFirst(199);

    assertThat(points).hasSize(200);
    for (int i = 1; i < 200; i++) {
      assertThat(points.get(i)).containsExactly((i - 1) / 198.0, 1);
    }
  }

  @Test
  void roc_of399Scores_keepsFirstAndLastAndEverySecondBetween() {
    List<double[]> points = bestFirst(399);

    // point i is the old point i * 399 / 199, and old point k has k - 1 of 398 negatives
    assertThat(points).hasSize(200);
    assertThat(points.get(0)).containsExactly(0, 0);
    assertThat(points.get(1)).containsExactly(1 / 398.0, 1);
    assertThat(points.get(100)).containsExactly(199 / 398.0, 1);
    assertThat(points.get(198)).containsExactly(395 / 398.0, 1);
    assertThat(points.get(199)).containsExactly(1, 1);
  }

  @Test
  void precisionRecall_ofFourScores_startsAtTheFirstPrecision() {
    List<double[]> points = Curves.precisionRecall(LABELS, SCORES);

    assertThat(points)
        .containsExactly(
            point(0, 1), point(0.5, 1), point(0.5, 0.5), point(1, 2 / 3.0), point(1, 0.5));
  }

  @Test
  void precisionRecall_ofAFalseAlarmFirst_startsAtZero() {
    List<double[]> points = Curves.precisionRecall(new double[] {1, 0}, new double[] {0.1, 0.9});

    assertThat(points).containsExactly(point(0, 0), point(0, 0), point(1, 0.5));
  }

  @Test
  void precisionRecall_ofConstantScores_liesAtTheShareOfPositives() {
    List<double[]> points = Curves.precisionRecall(LABELS, new double[] {0.3, 0.3, 0.3, 0.3});

    assertThat(points).containsExactly(point(0, 0.5), point(1, 0.5));
  }

  @Test
  void precisionRecall_ofOneClassOnly_isOneForPositivesAndEmptyForNegatives() {
    double[] scores = {0.2, 0.6};

    assertThat(Curves.precisionRecall(new double[] {1, 1}, scores))
        .containsExactly(point(0, 1), point(0.5, 1), point(1, 1));
    assertThat(Curves.precisionRecall(new double[] {0, 0}, scores)).isEmpty();
  }

  @Test
  void calibration_ofTwoRowsInABin_givesTheirMeansAndLeavesOutEmptyBins() {
    List<double[]> points =
        Curves.calibration(new double[] {1, 0, 1, 0}, new double[] {0.5, 0.5625, 0.75, 0.4375});

    assertThat(points)
        .containsExactly(point(0.4375, 0, 1), point(0.53125, 0.5, 2), point(0.75, 1, 1));
  }

  @Test
  void calibration_ofZeroAndOne_fallsIntoTheFirstAndTheLastBin() {
    List<double[]> points =
        Curves.calibration(new double[] {1, 1, 0, 0}, new double[] {1, 0.9375, 0, 0.0625});

    assertThat(points).containsExactly(point(0.03125, 0, 2), point(0.96875, 1, 2));
  }

  /** The curve of a single positive row with the highest of so many different scores. */
  private static List<double[]> bestFirst(int rows) {
    double[] labels = new double[rows];
    labels[rows - 1] = 1;
    double[] scores = new double[rows];
    Arrays.setAll(scores, i -> i / 1000.0);
    return Curves.roc(labels, scores);
  }

  private static double[] point(double... values) {
    return values;
  }
}
