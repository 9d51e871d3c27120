package dev.mlops.abtest.stats;

import static dev.mlops.abtest.Vectors.close;
import static dev.mlops.abtest.Vectors.doubles;
import static dev.mlops.abtest.Vectors.in;
import static dev.mlops.abtest.Vectors.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.abtest.Vectors;
import dev.mlops.abtest.error.AbTestException;
import dev.mlops.abtest.internal.math.Normal;
import org.junit.jupiter.api.Test;

class WelchTestTest {
  private static final double TIGHT = 1e-9;

  @Test
  void of_rawSamples_matchesSciPy() {
    for (JsonNode v : Vectors.of("welch_t_raw")) {
      SampleMoments control = SampleMoments.of(doubles(v.get("inputs").get("control")));
      SampleMoments treatment = SampleMoments.of(doubles(v.get("inputs").get("treatment")));

      WelchTest test = WelchTest.of(control, treatment);

      close("variance", control.variance(), out(v, "varControl"), TIGHT);
      close("variance", treatment.variance(), out(v, "varTreatment"), TIGHT);
      close("difference", test.difference(), out(v, "diff"), TIGHT);
      close("se", test.standardError(), out(v, "se"), TIGHT);
      close("df", test.degreesOfFreedom(), out(v, "df"), TIGHT);
      close("t", test.t(), out(v, "t"), TIGHT);
      close("p", test.pValue(), out(v, "pTwoSided"), TIGHT);
      close("p greater", test.pGreaterThan(0), out(v, "pGreater"), TIGHT);
      close("low", test.interval(in(v, "alpha")).low(), out(v, "ciLow"), TIGHT);
      close("high", test.interval(in(v, "alpha")).high(), out(v, "ciHigh"), TIGHT);
    }
  }

  @Test
  void of_summary_matchesSciPy() {
    for (JsonNode v : Vectors.of("welch_t_summary")) {
      WelchTest test = WelchTest.of(
          new SampleMoments((long) in(v, "nC"), in(v, "meanC"), square(in(v, "sdC"))),
          new SampleMoments((long) in(v, "nT"), in(v, "meanT"), square(in(v, "sdT"))));

      close("t", test.t(), out(v, "t"), TIGHT);
      close("df", test.degreesOfFreedom(), out(v, "df"), TIGHT);
      close("p", test.pValue(), out(v, "p"), TIGHT);
      close("low", test.interval(in(v, "alpha")).low(), out(v, "ciLow"), TIGHT);
      close("high", test.interval(in(v, "alpha")).high(), out(v, "ciHigh"), TIGHT);
    }
  }

  @Test
  void equivalenceAndNonInferiority_matchReferences() {
    JsonNode tost = Vectors.of("tost_equivalence_welch").get(0);
    WelchTest welch = WelchTest.of(
        SampleMoments.of(doubles(tost.get("inputs").get("control"))),
        SampleMoments.of(doubles(tost.get("inputs").get("treatment"))));
    close("p", welch.pEquivalent(in(tost, "low"), in(tost, "upp")), out(tost, "p"), TIGHT);
    close("p lower", welch.pGreaterThan(in(tost, "low")), out(tost, "pLower"), TIGHT);
    close("p upper", welch.pLessThan(in(tost, "upp")), out(tost, "pUpper"), TIGHT);

    JsonNode v = Vectors.of("non_inferiority_welch").get(0);
    WelchTest test = WelchTest.of(
        new SampleMoments((long) in(v, "nC"), in(v, "meanC"), square(in(v, "sdC"))),
        new SampleMoments((long) in(v, "nT"), in(v, "meanT"), square(in(v, "sdT"))));
    close("p", test.pLessThan(in(v, "margin")), out(v, "p"), TIGHT);
    close("df", test.degreesOfFreedom(), out(v, "df"), TIGHT);
    close("upper", test.interval(0.10).high(), out(v, "upper95OneSided"), TIGHT);
  }

  @Test
  void pValue_ofLargeT_isNeverZero() {
    for (double df : new double[] {1, 5, 100, 1e4, 1e7}) {
      double previous = 1.1;
      for (double t = 0; t <= 38; t += 0.25) {
        double p = new WelchTest(t, 1, df).pValue();
        assertThat(p).as("t=%s df=%s", t, df).isPositive().isLessThan(previous);
        assertThat(new WelchTest(-t, 1, df).pValue()).as("t=-%s df=%s", t, df).isEqualTo(p);
        assertThat(Normal.twoSided(-t)).as("z=-%s", t).isPositive();
        previous = p;
      }
    }
  }

  @Test
  void of_tooFewUnitsOrNoVariance_isRefused() {
    SampleMoments one = SampleMoments.of(3.0);
    SampleMoments constant = SampleMoments.of(2, 2, 2);

    assertThatThrownBy(() -> WelchTest.of(one, constant))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessage("units in control must be at least 2, got 1");
    assertThatThrownBy(() -> WelchTest.of(constant, constant))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("positive variance");
    assertThatThrownBy(() -> SampleMoments.of(1, Double.NaN))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("NaN");
  }

  private static double square(double x) {
    return x * x;
  }
}
