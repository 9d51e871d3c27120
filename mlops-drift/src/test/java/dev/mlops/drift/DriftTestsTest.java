package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriftTestsTest {

  static Stream<Named<JsonNode>> numeric() {
    return distances("numeric");
  }

  static Stream<Named<JsonNode>> categorical() {
    return distances("categorical");
  }

  private static Stream<Named<JsonNode>> distances(String type) {
    return Vectors.cases("distances").stream()
        .filter(v -> v.get("type").textValue().equals(type))
        .map(v -> Named.of(v.get("id").textValue(), v));
  }

  private static void assertClose(String what, double actual, JsonNode expected) {
    double value = Vectors.number(expected);
    assertThat(actual).as(what).isCloseTo(value, within(1e-9 * Math.abs(value) + 1e-15));
  }

  @ParameterizedTest
  @MethodSource("numeric")
  void distances_ofNumericVectors_equalTheReferences(JsonNode v) {
    double[] ref = Vectors.sample(v, "ref");
    double[] cur = Vectors.sample(v, "cur");

    assertClose("wasserstein", DriftTests.wasserstein(ref, cur), v.get("wasserstein_scipy"));
    assertClose("energy", DriftTests.energy(ref, cur), v.get("energy_scipy"));
    assertClose(
        "frouros", PeerConventions.frourosPsi(ref, cur), v.get("frouros_psi_10_equal_width"));
    assertClose("deciles", PeerConventions.textbookPsi(ref, cur), v.get("psi_ref_deciles_eps1e-4"));
    JsonNode mwu = v.get("mannwhitneyu_two_sided");
    DriftTests.Result mannWhitney = DriftTests.mannWhitney(ref, cur);
    assertClose("U", mannWhitney.statistic(), mwu.get("statistic"));
    assertClose("p of U", mannWhitney.pValue(), mwu.get("pvalue"));
  }

  @ParameterizedTest
  @MethodSource("numeric")
  void evidently_ofNumericVectors_equalsEvidently(JsonNode v) {
    double[] ref = Vectors.sample(v, "ref");
    double[] cur = Vectors.sample(v, "cur");
    JsonNode e = v.get("evidently");

    assertClose("psi", PeerConventions.evidentlyPsi(ref, cur), e.get("psi"));
    assertClose(
        "js", PeerConventions.evidentlyJensenShannon(ref, cur), e.get("jensenshannon_base_e_sqrt"));
    assertClose("kl", PeerConventions.evidentlyKullbackLeibler(ref, cur), e.get("kl"));
    assertClose("hellinger", PeerConventions.evidentlyHellinger(ref, cur), e.get("hellinger"));
    assertClose(
        "w", PeerConventions.evidentlyWasserstein(ref, cur), v.get("wasserstein_evidently_normed"));
  }

  @ParameterizedTest
  @MethodSource("numeric")
  void nannyml_ofNumericVectors_equalsNannyml(JsonNode v) {
    JsonNode n = v.get("nannyml");
    if (n == null) {
      assertThat(v.get("id").textValue()).isEqualTo("constant_same");
      return;
    }
    double[] ref = Vectors.sample(v, "ref");
    double[] cur = Vectors.sample(v, "cur");

    assertClose(
        "js",
        PeerConventions.nannymlJensenShannon(ref, cur),
        n.get("jensenshannon_base2_sqrt_doane_ref"));
    assertClose("hellinger", PeerConventions.nannymlHellinger(ref, cur), n.get("hellinger"));
    assertClose("wasserstein", PeerConventions.nannymlWasserstein(ref, cur), n.get("wasserstein"));
    assertClose("ks", PeerConventions.nannymlKolmogorovSmirnov(ref, cur), n.get("ks"));
  }

  @ParameterizedTest
  @MethodSource("numeric")
  void scipyRankTests_ofNumericVectors_equalScipy(JsonNode v) {
    double[] ref = Vectors.sample(v, "ref");
    double[] cur = Vectors.sample(v, "cur");
    JsonNode cvm = v.get("cramervonmises_auto");
    DriftTests.Result result = PeerConventions.scipyCramerVonMises(ref, cur);

    assertClose("T", result.statistic(), cvm.get("statistic"));
    // SciPy takes 1 - cdf, so its own p carries an absolute error of a few 1e-16.
    double p = cvm.get("pvalue").doubleValue();
    assertThat(result.pValue()).as("p of T").isCloseTo(p, within(1e-9 * p + 2e-15));
    JsonNode ad = v.get("anderson_ksamp_midrank");
    if (ad.isTextual()) {
      assertThatExceptionOfType(DriftException.class)
          .isThrownBy(() -> PeerConventions.scipyAndersonDarling(ref, cur))
          .withMessageContaining("two distinct values");
    } else {
      DriftTests.Result a = PeerConventions.scipyAndersonDarling(ref, cur);
      assertClose("A2", a.statistic(), ad.get("statistic"));
      assertClose("level", a.pValue(), ad.get("significance_level"));
    }
  }

  @ParameterizedTest
  @MethodSource("categorical")
  void tests_ofCategoricalVectors_equalTheReferences(JsonNode v) {
    TreeSet<String> names = new TreeSet<>();
    v.get("ref_counts").fieldNames().forEachRemaining(names::add);
    v.get("cur_counts").fieldNames().forEachRemaining(names::add);
    long[] ref =
        names.stream().mapToLong(c -> v.get("ref_counts").path(c).longValue()).toArray();
    long[] cur =
        names.stream().mapToLong(c -> v.get("cur_counts").path(c).longValue()).toArray();

    assertTest("chi2", DriftTests.chiSquare(ref, cur), v.get("chi2_contingency_yates_False"));
    assertTest("yates", DriftTests.chiSquareYates(ref, cur), v.get("chi2_contingency_yates_True"));
    assertTest("g", DriftTests.gTest(ref, cur), v.get("g_test"));
    assertClose("v", DriftTests.cramersV(ref, cur), v.get("cramers_v"));
    assertClose("js", DriftTests.jensenShannon(ref, cur), v.get("jensenshannon_base2_union"));
    assertClose("tv", DriftTests.totalVariation(ref, cur), v.get("total_variation"));
    JsonNode e = v.get("evidently");
    assertClose("evidently psi", PeerConventions.evidentlyPsi(ref, cur), e.get("psi"));
    assertClose(
        "evidently js",
        PeerConventions.evidentlyJensenShannon(ref, cur),
        e.get("jensenshannon_base_e_sqrt"));
    assertClose(
        "evidently hellinger", PeerConventions.evidentlyHellinger(ref, cur), e.get("hellinger"));
    JsonNode gof = e.get("chisquare_gof_scaled");
    DriftTests.Result chi = PeerConventions.evidentlyChiSquare(ref, cur);
    if (Double.isInfinite(Vectors.number(gof.get("statistic")))) {
      assertThat(chi.statistic()).isInfinite();
      assertThat(chi.pValue()).isEqualTo(Double.MIN_VALUE);
    } else {
      assertTest("evidently chi2", chi, gof);
    }
    JsonNode n = v.get("nannyml");
    assertClose(
        "nannyml js",
        DriftTests.jensenShannon(ref, cur),
        n.get("jensenshannon_base2_sqrt_leftover_bin"));
    assertClose("nannyml hellinger", DriftTests.hellinger(ref, cur), n.get("hellinger"));
    double largest = 0;
    for (int i = 0; i < ref.length; i++) {
      largest = Math.max(
          largest,
          Math.abs((double) ref[i] / Arrays.stream(ref).sum()
              - (double) cur[i] / Arrays.stream(cur).sum()));
    }
    assertClose("l infinity", largest, n.get("l_infinity"));
  }

  private static void assertTest(String what, DriftTests.Result actual, JsonNode expected) {
    assertClose(what, actual.statistic(), expected.get("statistic"));
    assertClose("p of " + what, actual.pValue(), expected.get("pvalue"));
  }

  @Test
  void cramerVonMises_withoutTies_isScipysStatisticAndNearlyItsP() {
    Random random = new Random(5);
    double[] x = random.doubles(300).toArray();
    double[] y = random.doubles(200).map(u -> u * 0.9).toArray();

    DriftTests.Result ours = DriftTests.cramerVonMises(x, y);
    DriftTests.Result scipy = PeerConventions.scipyCramerVonMises(x, y);

    assertThat(ours.statistic()).isCloseTo(scipy.statistic(), within(1e-10));
    assertThat(ours.pValue()).isCloseTo(scipy.pValue(), within(0.002));
  }

  @Test
  void edfTests_ofEqualConstants_giveOne() {
    double[] x = new double[30];
    double[] y = new double[20];

    assertThat(DriftTests.cramerVonMises(x, y)).isEqualTo(new DriftTests.Result(0, 1));
    assertThat(DriftTests.andersonDarling(x, y)).isEqualTo(new DriftTests.Result(0, 1));
    assertThat(DriftTests.mannWhitney(x, y).pValue()).isEqualTo(1);
  }

  @Test
  void edfTests_ofTwoValues_areTheTestOfAShare() {
    double[] x = new double[400];
    double[] y = new double[300];
    Arrays.fill(x, 0, 150, 1);
    Arrays.fill(y, 0, 80, 1);

    double expected =
        DriftTests.chiSquare(new long[] {150, 250}, new long[] {80, 220}).pValue();

    // Cramer-von Mises on a 0/1 sample is (N-1)/N times chi-square with one degree of freedom.
    assertThat(DriftTests.cramerVonMises(x, y).pValue())
        .isCloseTo(expected, within(0.02 * expected));
    assertThat(DriftTests.andersonDarling(x, y).pValue())
        .isCloseTo(expected, within(0.02 * expected));
  }

  @Test
  void limitLaws_atTabulatedPoints_agreeWithTheTables() {
    // Cramer-von Mises: Csorgo and Faraway 1996 table 1; Anderson-Darling: Marsaglia 2004.
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.cramerVonMises(0.46136))
        .isCloseTo(0.05, within(2e-6));
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.cramerVonMises(0.74346))
        .isCloseTo(0.01, within(1e-6));
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.cramerVonMises(0.11888))
        .isCloseTo(0.5, within(2e-5));
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.andersonDarling(2.4923671600))
        .isCloseTo(0.05, within(1e-9));
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.andersonDarling(3.8781250216))
        .isCloseTo(0.01, within(1e-9));
    assertThat(dev.mlops.drift.internal.WeightedChiSquare.cramerVonMises(40))
        .isPositive()
        .isLessThan(1e-80);
  }

  @Test
  void psi_withoutDrift_isAboutItsExpectation() {
    Random random = new Random(11);
    double sum = 0;
    double expected = 0;
    for (int i = 0; i < 300; i++) {
      DriftTests.Psi psi =
          DriftTests.psi(random.doubles(500).toArray(), random.doubles(400).toArray(), 10);
      sum += psi.value();
      expected += psi.expected();
    }

    assertThat(sum / expected).isCloseTo(1, within(0.06));
  }

  @Test
  void chiSquare_ofSparseTable_usesTheConditionalMoments() {
    long[] reference = {40, 30, 9, 4, 3, 2, 2, 1, 1, 1, 0, 0};
    long[] live = {35, 20, 2, 1, 9, 5, 1, 3, 0, 4, 3, 2};

    // The same table by 1,000,000 random splits with these margins (NumPy): 0.01216. The textbook p
    // is 0.0272.
    assertThat(DriftTests.chiSquare(reference, live).pValue()).isCloseTo(0.01216, within(0.002));
  }

  @Test
  void tests_ofBadInput_areRefused() {
    double[] none = {};
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> DriftTests.cramerVonMises(none, none));
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() ->
            DriftTests.wasserstein(new double[] {1, Double.POSITIVE_INFINITY}, new double[] {1}))
        .withMessageContaining("must be finite");
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> DriftTests.chiSquare(new long[] {1, 2}, new long[] {1}))
        .withMessageContaining("2 and 1");
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> DriftTests.chiSquare(new long[] {1, -2}, new long[] {1, 1}))
        .withMessageContaining("got -2");
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> DriftTests.fisher(3, 2, 0, 1))
        .withMessageContaining("a=3 n=2");
  }
}
