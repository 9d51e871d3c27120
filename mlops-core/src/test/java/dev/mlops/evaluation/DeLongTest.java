package dev.mlops.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.error.InvalidInputException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Two published references.
 *
 * <p>pROC 1.19 (Robin et al., BMC Bioinformatics 12:77, 2011) on its own aSAH data: the expected
 * values of its tests tests/testthat/test-roc.test.R, test-var.R, test-cov.R and test-ci.auc.R in
 * github.com/xrobin/pROC.
 *
 * <p>SAS/STAT User's Guide, PROC LOGISTIC, example "Comparing Receiver Operating Characteristic
 * Curves": the 43 complete records of the ovarian cancer patients of DeLong, DeLong and
 * Clarke-Pearson (Biometrics 44, 1988). Values to 12 digits are from the definition, over all
 * pairs.
 */
class DeLongTest {
  private static final double[][] OVARIAN = {
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

  private static double[] ovarian(int column, double factor) {
    double[] values = new double[OVARIAN.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = factor * OVARIAN[i][column];
    }
    return values;
  }

  private static boolean[] benefits() {
    boolean[] benefits = new boolean[OVARIAN.length];
    for (int i = 0; i < benefits.length; i++) {
      benefits[i] = OVARIAN[i][3] == 1;
    }
    return benefits;
  }

  @Test
  void area_ofThePatients_hasTheVarianceOfProc() {
    assertThat(DeLong.area(Patients.poor(), Patients.wfns()).variance())
        .isCloseTo(0.00146991470882363, within(1e-15));
    assertThat(DeLong.area(Patients.poor(), Patients.s100b()).variance())
        .isCloseTo(0.00266868245717244, within(1e-15));
    DeLong.Area ndka = DeLong.area(Patients.poor(), Patients.ndka());
    assertThat(ndka.variance()).isCloseTo(0.0031908105493913, within(1e-15));
    assertThat(ndka.auc()).isCloseTo(0.611957994579946, within(1e-15));
    assertThat(ndka.interval().low()).isCloseTo(0.501244999271703, within(1e-12));
    assertThat(ndka.interval().high()).isCloseTo(0.722670989888189, within(1e-12));
  }

  @Test
  void compare_onThePatients_givesTheTestsOfProc() {
    assertTest(
        DeLong.compare(Patients.poor(), Patients.wfns(), Patients.s100b()),
        2.20898359144091,
        0.0271757822291882,
        0.0104061769564846,
        0.174214419249478);
    assertTest(
        DeLong.compare(Patients.poor(), Patients.wfns(), Patients.ndka()),
        2.79777591868904,
        0.00514557970691098,
        0.0634011709339876,
        0.3600405634833566);
    assertTest(
        DeLong.compare(Patients.poor(), Patients.ndka(), Patients.s100b()),
        -1.39077002573558,
        0.164295175223054,
        -0.2876917446341914,
        0.0488706064228094);
  }

  private static void assertTest(DeLong.Test test, double z, double p, double low, double high) {
    assertThat(test.difference() / test.standardError()).isCloseTo(z, within(1e-12));
    assertThat(test.pValue()).isCloseTo(p, within(1e-13));
    assertThat(test.interval().low()).isCloseTo(low, within(1e-12));
    assertThat(test.interval().high()).isCloseTo(high, within(1e-12));
  }

  @Test
  void compare_onTheOvarianCancerPatients_isWhatTheDefinitionGives() {
    double[] score = ovarian(2, -1);
    DeLong.Area kg = DeLong.area(benefits(), score);
    DeLong.Test albumin = DeLong.compare(benefits(), ovarian(0, 1), score);
    DeLong.Test protein = DeLong.compare(benefits(), ovarian(1, 1), score);

    assertThat(kg.auc()).isCloseTo(0.7258064516129032, within(1e-12));
    assertThat(Math.sqrt(kg.variance())).isCloseTo(0.10282161, within(1e-8));
    assertThat(albumin.difference()).isCloseTo(0.010752688172043, within(1e-12));
    assertThat(albumin.standardError()).isCloseTo(0.09534361773009381, within(1e-12));
    assertThat(protein.difference()).isCloseTo(-0.07795698924731187, within(1e-12));
    assertThat(protein.standardError()).isCloseTo(0.10460958871813268, within(1e-12));
  }

  @Test
  void compare_ofAModelWithItself_isExactlyZero() {
    DeLong.Test same = DeLong.compare(Patients.poor(), Patients.s100b(), Patients.s100b());

    assertThat(same).isEqualTo(new DeLong.Test(0, 0, new Interval(0, 0), 1));
  }

  @Test
  void compare_ofAPerfectWithAReversedOrder_isCertain() {
    boolean[] positive = {true, true, false, false};

    DeLong.Test test =
        DeLong.compare(positive, new double[] {4, 3, 2, 1}, new double[] {1, 2, 3, 4});

    assertThat(test).isEqualTo(new DeLong.Test(1, 0, new Interval(1, 1), 0));
  }

  @Test
  void area_doesNotChangeUnderAMonotoneMapOfTheScores_andFlipsWithTheirSign() {
    double[] mapped = Patients.s100b();
    double[] flipped = Patients.s100b();
    for (int i = 0; i < mapped.length; i++) {
      flipped[i] = -mapped[i];
      mapped[i] = Math.exp(mapped[i]);
    }
    DeLong.Area area = DeLong.area(Patients.poor(), Patients.s100b());

    assertThat(DeLong.area(Patients.poor(), mapped)).isEqualTo(area);
    assertThat(DeLong.area(Patients.poor(), flipped).auc())
        .isCloseTo(1 - area.auc(), within(1e-15));
  }

  @Test
  void compare_underNoDifference_excludesZeroAboutOneTimeInTwenty() {
    long seed = 20260501;
    var random = new SplittableRandom(seed);
    int trials = 1000;
    int excluded = 0;
    for (int t = 0; t < trials; t++) {
      boolean[] positive = new boolean[120];
      double[] a = new double[120];
      double[] b = new double[120];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = i % 3 == 0;
        double shared = (positive[i] ? 1 : 0) + gaussian(random);
        a[i] = shared + gaussian(random);
        b[i] = shared + gaussian(random);
      }
      excluded += DeLong.compare(positive, a, b).interval().contains(0) ? 0 : 1;
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
    assertThatThrownBy(
            () -> DeLong.area(new boolean[] {true, false, false}, new double[] {1, 2, 3}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1 and 2");
    assertThatThrownBy(() -> DeLong.area(new boolean[] {true, false}, new double[] {1}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("2 and 1");
    double[] undefined = Patients.s100b();
    undefined[7] = Double.NaN;
    assertThatThrownBy(() -> DeLong.compare(Patients.poor(), Patients.wfns(), undefined))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("score 7");
  }
}
