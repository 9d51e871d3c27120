package dev.mlops.registry.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.compare.DeLong.Area;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Data: ovarian cancer patients of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988), the 43
 * complete records as printed in the SAS/STAT User's Guide, PROC LOGISTIC, "Comparing Receiver
 * Operating Characteristic Curves". Expected values to 12 digits from the definition (all pairs,
 * numpy.cov); rounded to four digits they are the published ones: K-G score area 0.7258 with
 * standard error 0.1028, and against it albumin 0.0108 (0.0953), interval [-0.1761, 0.1976], and
 * total protein -0.0780 (0.1046), interval [-0.2830, 0.1271].
 */
class DeLongTest {
  private static final double[][] PATIENTS = {
    {3.0, 5.8, 10, 0}, {3.2, 6.3, 5, 1}, {3.9, 6.8, 3, 1}, {2.8, 4.8, 6, 0},
    {3.2, 5.8, 3, 1}, {0.9, 4.0, 5, 0}, {2.5, 5.7, 8, 0}, {1.6, 5.6, 5, 1},
    {3.8, 5.7, 5, 1}, {3.7, 6.7, 6, 1}, {3.2, 5.4, 4, 1}, {3.8, 6.6, 6, 1},
    {4.1, 6.6, 5, 1}, {3.6, 5.7, 5, 1}, {4.3, 7.0, 4, 1}, {3.6, 6.7, 4, 0},
    {2.3, 4.4, 6, 1}, {4.2, 7.6, 4, 0}, {4.0, 6.6, 6, 0}, {3.5, 5.8, 6, 1},
    {3.8, 6.8, 7, 1}, {3.0, 4.7, 8, 0}, {4.5, 7.4, 5, 1}, {3.7, 7.4, 5, 1},
    {3.1, 6.6, 6, 1}, {4.1, 8.2, 6, 1}, {4.3, 7.0, 5, 1}, {4.3, 6.5, 4, 1},
    {3.2, 5.1, 5, 1}, {2.6, 4.7, 6, 1}, {3.3, 6.8, 6, 0}, {1.7, 4.0, 7, 0},
    {3.7, 6.1, 5, 1}, {3.3, 6.3, 7, 1}, {4.2, 7.7, 6, 1}, {3.5, 6.2, 5, 1},
    {2.9, 5.7, 9, 0}, {2.1, 4.8, 7, 1}, {2.8, 6.2, 8, 0}, {4.0, 7.0, 7, 1},
    {3.3, 5.7, 6, 1}, {3.7, 6.9, 5, 1}, {3.6, 6.6, 5, 1},
  };
  private static final double[] LABELS = column(3, 1, 0);
  private static final double[] ALBUMIN = column(0, 1, 0);
  private static final double[] PROTEIN = column(1, 1, 0);
  private static final double[] KG_SCORE = column(2, -1, 10);

  private static double[] column(int index, double factor, double offset) {
    double[] values = new double[PATIENTS.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = factor * PATIENTS[i][index] + offset;
    }
    return values;
  }

  @Test
  void area_ofThePublishedData_hasThePublishedStandardErrors() {
    Area score = DeLong.area(LABELS, KG_SCORE, 0.95);
    Area albumin = DeLong.area(LABELS, ALBUMIN, 0.95);
    Area protein = DeLong.area(LABELS, PROTEIN, 0.95);

    assertThat(score.area()).isCloseTo(0.7258064516129032, within(1e-12));
    assertThat(score.standardError()).isCloseTo(0.10282161, within(1e-8));
    assertThat(albumin.area()).isCloseTo(0.7365591397849462, within(1e-12));
    assertThat(albumin.standardError()).isCloseTo(0.09269435, within(1e-8));
    assertThat(protein.area()).isCloseTo(0.6478494623655914, within(1e-12));
    assertThat(protein.standardError()).isCloseTo(0.10004738, within(1e-8));
    assertThat(score.low()).isCloseTo(0.7258064516 - 1.9599639845 * 0.10282161, within(1e-8));
  }

  @Test
  void compare_onThePublishedData_givesThePublishedContrasts() {
    PairedComparison albumin = DeLong.compare(LABELS, ALBUMIN, KG_SCORE, 0.95);
    PairedComparison protein = DeLong.compare(LABELS, PROTEIN, KG_SCORE, 0.95);

    assertThat(albumin.difference()).isCloseTo(0.010752688172043, within(1e-12));
    assertThat(albumin.standardError()).isCloseTo(0.09534361773009381, within(1e-12));
    assertThat(albumin.low()).isCloseTo(-0.1761173702, within(1e-7));
    assertThat(albumin.high()).isCloseTo(0.1976227466, within(1e-7));
    assertThat(protein.difference()).isCloseTo(-0.07795698924731187, within(1e-12));
    assertThat(protein.standardError()).isCloseTo(0.10460958871813268, within(1e-12));
    assertThat(albumin.toString())
        .isEqualTo("roc_auc 0.7366 against 0.7258, difference 0.0108, 95 % interval "
            + "[-0.1761, 0.1976] (DeLong, 43 rows)");
  }

  @Test
  void compare_ofAModelWithItself_isExactlyZero() {
    PairedComparison same = DeLong.compare(LABELS, ALBUMIN, ALBUMIN, 0.95);

    assertThat(same.difference()).isZero();
    assertThat(same.standardError()).isZero();
    assertThat(same.low()).isZero();
  }

  @Test
  void area_doesNotChangeUnderAMonotoneMapOfTheScores_andFlipsWithTheirSign() {
    double[] mapped = new double[ALBUMIN.length];
    double[] flipped = new double[ALBUMIN.length];
    for (int i = 0; i < mapped.length; i++) {
      mapped[i] = Math.exp(ALBUMIN[i]);
      flipped[i] = -ALBUMIN[i];
    }

    assertThat(DeLong.area(LABELS, mapped, 0.9)).isEqualTo(DeLong.area(LABELS, ALBUMIN, 0.9));
    assertThat(DeLong.area(LABELS, flipped, 0.9).area())
        .isCloseTo(1 - DeLong.area(LABELS, ALBUMIN, 0.9).area(), within(1e-15));
  }

  @Test
  void compare_underNoDifference_excludesZeroAboutOneTimeInTwenty() {
    long seed = 20260501;
    var random = new SplittableRandom(seed);
    int trials = 1000;
    int excluded = 0;
    for (int t = 0; t < trials; t++) {
      double[] labels = new double[120];
      double[] a = new double[120];
      double[] b = new double[120];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = i % 3 == 0 ? 1 : 0;
        double shared = labels[i] + gaussian(random);
        a[i] = shared + gaussian(random);
        b[i] = shared + gaussian(random);
      }
      PairedComparison comparison = DeLong.compare(labels, a, b, 0.95);
      excluded += comparison.low() > 0 || comparison.high() < 0 ? 1 : 0;
    }
    // Binomial(1000, 0.05): 0.05 +- 4 standard deviations is 0.0224 to 0.0776.
    assertThat(excluded).as("seed %s", seed).isBetween(23, 77);
  }

  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }

  @Test
  void badInput_isRefusedWithItsNumbers() {
    double[] two = {1, 0};
    assertThatThrownBy(() -> DeLong.area(new double[] {1, 0, 0}, new double[] {1, 2, 3}, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1 positive and 2 negative");
    assertThatThrownBy(() -> DeLong.area(two, new double[] {1}, 0.95))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(
            () -> DeLong.area(new double[] {1, 1, 0, 2}, new double[] {1, 2, 3, 4}, 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("label 2.0");
    assertThatThrownBy(
            () -> DeLong.area(new double[] {1, 1, 0, 0}, new double[] {1, 2, 3, Double.NaN}, 0.95))
        .isInstanceOf(InvalidInputException.class);
    for (double bad : new double[] {0, 1, Double.NaN}) {
      assertThatThrownBy(() -> DeLong.area(LABELS, ALBUMIN, bad))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
