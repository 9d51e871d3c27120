package dev.mlops.drift;

import dev.mlops.drift.DriftPolicy.Measure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every test and distance of a categorical feature from its counts. */
final class CategoricalMeasures {
  private CategoricalMeasures() {}

  static DriftTests.Result test(Measure test, long[] a, long[] b) {
    return switch (test) {
      case CHI_SQUARE -> DriftTests.chiSquare(a, b);
      case G_TEST -> DriftTests.gTest(a, b);
      case EVIDENTLY_CHI_SQUARE -> PeerConventions.evidentlyChiSquare(a, b);
      case PSI -> {
        DriftTests.Psi psi = DriftTests.psi(a, b);
        yield new DriftTests.Result(psi.value(), psi.pValue());
      }
      case JENSEN_SHANNON -> beside(DriftTests.jensenShannon(a, b), a, b);
      case EVIDENTLY_JENSEN_SHANNON -> beside(PeerConventions.evidentlyJensenShannon(a, b), a, b);
      case HELLINGER -> beside(DriftTests.hellinger(a, b), a, b);
      case TOTAL_VARIATION -> beside(DriftTests.totalVariation(a, b), a, b);
      case KOLMOGOROV_SMIRNOV,
          CRAMER_VON_MISES,
          ANDERSON_DARLING,
          WASSERSTEIN,
          EVIDENTLY_WASSERSTEIN -> throw new IllegalArgumentException(test + " is for numbers");
    };
  }

  private static DriftTests.Result beside(double distance, long[] a, long[] b) {
    return new DriftTests.Result(distance, DriftTests.chiSquare(a, b).pValue());
  }

  static Map<String, Double> distances(long[] a, long[] b) {
    Map<String, Double> all = new LinkedHashMap<>();
    DriftTests.Psi psi = DriftTests.psi(a, b);
    all.put("psi", psi.value());
    all.put("psiExpected", psi.expected());
    all.put("jensenShannon", DriftTests.jensenShannon(a, b));
    all.put("hellinger", DriftTests.hellinger(a, b));
    all.put("cramersV", DriftTests.cramersV(a, b));
    return all;
  }
}
