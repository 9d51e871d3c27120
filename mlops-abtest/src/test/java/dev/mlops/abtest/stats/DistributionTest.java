package dev.mlops.abtest.stats;

import static dev.mlops.abtest.Vectors.close;
import static dev.mlops.abtest.Vectors.in;
import static dev.mlops.abtest.Vectors.out;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.abtest.Vectors;
import dev.mlops.abtest.internal.math.ChiSquared;
import dev.mlops.abtest.internal.math.Normal;
import dev.mlops.abtest.internal.math.StudentT;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private static final double TIGHT = 1e-9;

  @Test
  void studentT_tail_matchesSciPy() {
    for (JsonNode v : Vectors.of("student_t_tail")) {
      double t = in(v, "t");
      double df = in(v, "df");
      close("p of " + t, StudentT.twoSided(t, df), out(v, "pTwoSided"), TIGHT);
      close("cdf of " + t, StudentT.cdf(t, df), out(v, "cdf"), TIGHT);
      close("log sf of " + t, StudentT.logSf(t, df), out(v, "logSf"), TIGHT);
    }
  }

  @Test
  void studentT_quantile_matchesSciPy() {
    for (JsonNode v : Vectors.of("student_t_quantile")) {
      close(
          "t(" + in(v, "p") + ")", StudentT.quantile(in(v, "p"), in(v, "df")), out(v, "q"), TIGHT);
    }
  }

  @Test
  void normal_quantile_matchesSciPy() {
    for (JsonNode v : Vectors.of("normal_quantile")) {
      close("z(" + in(v, "p") + ")", Normal.quantile(in(v, "p")), out(v, "q"), TIGHT);
    }
  }

  @Test
  void chiSquared_tail_matchesSciPy() {
    for (JsonNode v : Vectors.of("chi2_sf")) {
      close("sf", ChiSquared.sf(in(v, "x"), in(v, "df")), out(v, "sf"), TIGHT);
    }
  }

  @Test
  void normal_tail_neverUnderflowsUpTo38() {
    for (double z = 0; z <= 38; z += 0.01) {
      assertThat(Normal.twoSided(z)).as("z=%s", z).isPositive();
    }
  }

  @Test
  void quantiles_areInversesOfTails() {
    for (double q = 1e-300; q < 0.5; q *= 7) {
      close("normal " + q, Normal.logSf(Normal.upperQuantile(q)), Math.log(q), 1e-12);
      for (double df : new double[] {0.7, 3, 40.5, 1e6}) {
        if (q > 1e-100) {
          double back = StudentT.logSf(StudentT.upperQuantile(q, df), df);
          close("t " + q + " df " + df, back, Math.log(q), 1e-11);
        }
      }
    }
  }
}
