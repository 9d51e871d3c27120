package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.drift.KolmogorovSmirnov.Alternative;
import dev.mlops.drift.KolmogorovSmirnov.Method;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KolmogorovSmirnovTest {

  static Stream<Named<JsonNode>> vectors() {
    return Vectors.cases("ks_2samp").stream().map(v -> Named.of(v.get("id").textValue(), v));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void test_ofEveryVector_equalsScipy(JsonNode vector) {
    double[] x = Vectors.sample(vector, "x");
    double[] y = Vectors.sample(vector, "y");

    for (Iterator<Map.Entry<String, JsonNode>> i = vector.get("scipy").fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      String[] key = entry.getKey().split("/");
      JsonNode expected = entry.getValue();
      KolmogorovSmirnov.Result result =
          KolmogorovSmirnov.test(x, y, alternative(key[0]), method(key[1]));

      assertThat(result.statistic())
          .as("statistic of %s", entry.getKey())
          .isCloseTo(
              Vectors.number(expected.get("statistic")), within(2e-16 + 1e-9 * result.statistic()));
      assertProbability(result.pValue(), Vectors.number(expected.get("pvalue")), entry.getKey());
      assertThat(result.location() == Vectors.number(expected.get("location")))
          .as("location of %s: %s, expected %s", entry.getKey(), result.location(), expected)
          .isTrue();
      assertThat(result.sign())
          .as("sign of %s", entry.getKey())
          .isEqualTo(expected.get("sign").intValue());
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void exact_ofEveryVector_equalsBigIntegerPathCounting(JsonNode vector) {
    double[] x = Vectors.sample(vector, "x");
    double[] y = Vectors.sample(vector, "y");

    for (Iterator<Map.Entry<String, JsonNode>> i = vector.path("rational_exact").fields();
        i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      KolmogorovSmirnov.Result result =
          KolmogorovSmirnov.test(x, y, alternative(entry.getKey()), Method.EXACT);

      assertProbability(result.pValue(), entry.getValue().get("p").doubleValue(), entry.getKey());
    }
  }

  @TestFactory
  Stream<DynamicTest> oneSampleSurvival_ofEveryVector_equalsScipy() {
    return Vectors.cases("kstwo_sf").stream()
        .map(v -> DynamicTest.dynamicTest(
            v.toString(),
            () -> assertThat(KolmogorovSmirnov.oneSampleSurvival(
                    v.get("d").doubleValue(), v.get("n").intValue()))
                .isCloseTo(v.get("sf").doubleValue(), within(1e-9 * v.get("sf").doubleValue()))));
  }

  @Test
  void test_ofInfinities_treatsThemAsOrdinaryValues() {
    double[] x = {Double.NEGATIVE_INFINITY, 0, 1, Double.POSITIVE_INFINITY};
    double[] y = {0.5, 2, 3, Double.POSITIVE_INFINITY};

    KolmogorovSmirnov.Result result = KolmogorovSmirnov.test(x, y);

    assertThat(result.statistic()).isEqualTo(0.5);
    assertThat(result.location()).isEqualTo(0.0);
  }

  @Test
  void test_ofSignedZeros_tiesThem() {
    assertThat(KolmogorovSmirnov.test(new double[] {0.0, -0.0}, new double[] {-0.0, 0.0, 0.0})
            .statistic())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void test_ofNaN_namesTheIndex(int index) {
    double[] x = new double[8];
    x[index] = Double.NaN;

    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> KolmogorovSmirnov.test(x, new double[] {1}))
        .withMessage("sample x must not contain NaN, got NaN at index " + index)
        .matches(e -> e.kind() == DriftException.Kind.INVALID_INPUT);
  }

  @Test
  void test_ofEmptySample_isRefused() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> KolmogorovSmirnov.test(new double[] {1}, new double[0]))
        .withMessage("sample y needs at least one value, got none");
  }

  @Test
  void testSorted_ofUnsortedSample_namesThePlace() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> KolmogorovSmirnov.testSorted(
            new double[] {1, 3, 2}, new double[] {1}, Alternative.TWO_SIDED, Method.AUTO))
        .withMessageContaining("got 3.0 before 2.0 at index 2");
  }

  @Test
  void pValue_ofDistanceOutsideRange_isRefused() {
    for (double d : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatExceptionOfType(DriftException.class)
          .isThrownBy(() -> KolmogorovSmirnov.pValue(d, 5, 5, Alternative.TWO_SIDED, Method.AUTO))
          .withMessageContaining("from 0 to 1, got " + d);
    }
  }

  @Test
  void test_ofSeparatedSamples_isNeverZero() {
    double[] x = new double[50_000];
    double[] y = new double[50_000];
    Arrays.fill(y, 1);

    KolmogorovSmirnov.Result result = KolmogorovSmirnov.test(x, y);

    assertThat(result.statistic()).isEqualTo(1);
    assertThat(result.pValue()).isPositive();
  }

  @Test
  void test_ofSwappedSamples_swapsTheAlternatives() {
    long seed = 20260101;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      double[] x =
          random.doubles(1 + random.nextInt(60)).map(u -> Math.floor(u * 20)).toArray();
      double[] y =
          random.doubles(1 + random.nextInt(60)).map(u -> Math.floor(u * 20)).toArray();
      var greater = KolmogorovSmirnov.test(x, y, Alternative.GREATER, Method.EXACT);
      var less = KolmogorovSmirnov.test(y, x, Alternative.LESS, Method.EXACT);
      assertThat(greater.statistic()).as("seed %s case %s", seed, i).isEqualTo(less.statistic());
      assertThat(greater.pValue())
          .as("seed %s case %s", seed, i)
          .isCloseTo(less.pValue(), within(1e-12));
    }
  }

  /**
   * Relative 1e-9; where SciPy has lost p to underflow (0, subnormal) or to NaN, ours must still be
   * a probability.
   */
  static void assertProbability(double actual, double expected, String what) {
    assertThat(actual).as("p of %s", what).isPositive().isLessThanOrEqualTo(1);
    if (Double.isNaN(expected)) {
      return;
    }
    if (expected < 1e-300) {
      assertThat(actual).as("p of %s", what).isLessThan(1e-300);
    } else {
      assertThat(actual).as("p of %s", what).isCloseTo(expected, within(1e-9 * expected));
    }
  }

  private static Alternative alternative(String name) {
    return switch (name) {
      case "two-sided" -> Alternative.TWO_SIDED;
      case "greater" -> Alternative.GREATER;
      case "less" -> Alternative.LESS;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Method method(String name) {
    return switch (name) {
      case "auto" -> Method.AUTO;
      case "exact" -> Method.EXACT;
      case "asymp" -> Method.ASYMPTOTIC;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
