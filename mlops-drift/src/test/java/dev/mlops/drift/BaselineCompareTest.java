package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.FeatureDrift.Cause;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BaselineCompareTest {
  private static final int ROWS = 2000;

  private static double[] column(int rows, IntToDoubleFunction value) {
    double[] column = new double[rows];
    Arrays.setAll(column, value);
    return column;
  }

  private static double[] gaussian(long seed, int rows, double mean) {
    Random random = new Random(seed);
    return column(rows, i -> random.nextGaussian() + mean);
  }

  private static @Nullable String[] texts(long seed, int rows, String... choices) {
    Random random = new Random(seed);
    @Nullable String[] column = new String[rows];
    Arrays.setAll(column, i -> choices[random.nextInt(choices.length)]);
    return column;
  }

  private static FeatureDrift compare(double[] reference, double[] live) {
    return Baseline.fit(Columns.builder().numeric("x", reference).build())
        .compare(Columns.builder().numeric("x", live).build())
        .feature("x")
        .orElseThrow();
  }

  private static FeatureDrift compare(@Nullable String[] reference, @Nullable String[] live) {
    return Baseline.fit(Columns.builder().categorical("x", reference).build())
        .compare(Columns.builder().categorical("x", live).build())
        .feature("x")
        .orElseThrow();
  }

  private static List<Cause> causes(FeatureDrift feature) {
    return feature.findings().stream().map(FeatureDrift.Finding::cause).toList();
  }

  @Test
  void compare_ofTheSameDistribution_isStable() {
    Columns reference = Columns.builder()
        .numeric("amount", gaussian(1, ROWS, 0))
        .categorical("country", texts(2, ROWS, "DE", "FR", "IT"))
        .build();
    Columns live = Columns.builder()
        .numeric("amount", gaussian(3, 500, 0))
        .categorical("country", texts(4, 500, "DE", "FR", "IT"))
        .build();

    DriftReport report = Baseline.fit(reference).compare(live);

    assertThat(report.verdict()).isEqualTo(Verdict.STABLE);
    assertThat(report.driftedFeatures()).isEmpty();
  }

  @Test
  void compare_ofAShiftedFeature_namesIt() {
    Columns reference = Columns.builder()
        .numeric("amount", gaussian(1, ROWS, 0))
        .numeric("age", gaussian(2, ROWS, 40))
        .build();
    Columns live = Columns.builder()
        .numeric("amount", gaussian(3, 500, 0.5))
        .numeric("age", gaussian(4, 500, 40))
        .build();

    DriftReport report = Baseline.fit(reference).compare(live);

    assertThat(report.hasDrift()).isTrue();
    assertThat(report.driftedFeatures()).containsExactly("amount");
  }

  @Test
  void compare_ofRawColumns_givesTheExactTest() {
    double[] reference = gaussian(1, ROWS, 0);
    double[] live = gaussian(3, 777, 0.1);

    FeatureDrift.Evidence evidence = compare(reference, live).evidence();

    KolmogorovSmirnov.Result expected = KolmogorovSmirnov.test(reference, live);
    assertThat(evidence.statistic()).isCloseTo(expected.statistic(), within(1e-15));
    assertThat(evidence.pValue()).isCloseTo(expected.pValue(), within(1e-12));
  }

  @Test
  void compare_ofAProfile_certifiesTheExactDistance() {
    Baseline baseline =
        Baseline.fit(Columns.builder().numeric("x", gaussian(1, ROWS, 0)).build());
    double[] live = gaussian(3, 777, 0.4);
    Profile profile = baseline.newProfile();
    for (double v : live) {
      profile.record(new double[] {v});
    }

    FeatureDrift.Evidence evidence =
        baseline.compare(profile, DriftPolicy.defaults()).features().get(0).evidence();

    double exact = KolmogorovSmirnov.statistic(gaussian(1, ROWS, 0), live);
    assertThat(exact).isBetween(evidence.low(), evidence.high());
    assertThat(evidence.high() - evidence.low()).isLessThan(0.02);
  }

  @Test
  void compare_ofACertainButTinyChange_isStableAndSaysSo() {
    FeatureDrift feature = compare(gaussian(1, 200_000, 0), gaussian(3, 200_000, 0.03));

    assertThat(feature.evidence().adjustedPValue()).isLessThan(0.001);
    assertThat(feature.verdict()).isEqualTo(Verdict.STABLE);
    assertThat(feature.findings().get(0).message()).contains("too small to matter");
  }

  @Test
  void compare_ofAMissingJump_hasItsOwnVerdict() {
    double[] live = gaussian(3, 500, 0);
    Arrays.fill(live, 0, 100, Double.NaN);

    FeatureDrift feature = compare(gaussian(1, ROWS, 0), live);

    assertThat(feature.verdict()).isEqualTo(Verdict.DRIFT);
    assertThat(causes(feature)).containsExactly(Cause.MISSING_SHARE);
    assertThat(feature.findings().get(0).message())
        .startsWith("missing values went from 0 % to 20 %");
  }

  @Test
  void compare_ofAllMissing_hasItsOwnVerdict() {
    FeatureDrift feature = compare(gaussian(1, ROWS, 0), column(100, i -> Double.NaN));

    assertThat(feature.verdict()).isEqualTo(Verdict.DRIFT);
    assertThat(causes(feature)).contains(Cause.ALL_MISSING);
    assertThat(feature.evidence().pValue()).isEqualTo(1);
  }

  @Test
  void compare_ofANewCategory_namesIt() {
    FeatureDrift feature =
        compare(texts(1, ROWS, "a", "b"), texts(2, 500, "a", "b", "a", "b", "zebra"));

    assertThat(feature.verdict()).isEqualTo(Verdict.DRIFT);
    assertThat(causes(feature)).contains(Cause.NEW_CATEGORY);
    assertThat(feature.newCategories()).containsExactly("zebra");
  }

  @Test
  void compare_ofALostCategory_namesIt() {
    FeatureDrift feature = compare(texts(1, ROWS, "a", "b", "gone"), texts(2, 500, "a", "b"));

    assertThat(causes(feature)).contains(Cause.LOST_CATEGORY);
    assertThat(feature.lostCategories()).containsExactly("gone");
  }

  @Test
  void compare_ofAConstantReference_hasItsOwnVerdict() {
    assertThat(compare(column(ROWS, i -> 7), column(100, i -> 7)).verdict())
        .isEqualTo(Verdict.STABLE);

    FeatureDrift feature = compare(column(ROWS, i -> 7), column(100, i -> i < 50 ? 7 : 8));

    assertThat(feature.verdict()).isEqualTo(Verdict.DRIFT);
    assertThat(causes(feature)).contains(Cause.CONSTANT_REFERENCE);
  }

  @Test
  void compare_ofAConstantWindow_hasItsOwnVerdict() {
    FeatureDrift feature = compare(column(ROWS, i -> i % 10), column(100, i -> 3));

    assertThat(feature.verdict()).isEqualTo(Verdict.DRIFT);
    assertThat(causes(feature)).contains(Cause.CONSTANT_WINDOW);
  }

  @Test
  void compare_ofASingleRow_isInsufficient() {
    FeatureDrift feature = compare(gaussian(1, ROWS, 0), new double[] {100});

    assertThat(feature.verdict()).isEqualTo(Verdict.INSUFFICIENT_DATA);
    assertThat(feature.findings().get(0).message()).contains("1 live rows");
  }

  @Test
  void compare_ofInfinities_hasItsOwnFinding() {
    double[] live = gaussian(3, 500, 0);
    live[0] = Double.POSITIVE_INFINITY;
    live[1] = Double.NEGATIVE_INFINITY;

    FeatureDrift feature = compare(gaussian(1, ROWS, 0), live);

    assertThat(feature.verdict()).isEqualTo(Verdict.WARNING);
    assertThat(causes(feature)).containsExactly(Cause.INFINITE_VALUES);
    assertThat(feature.findings().get(0).message()).startsWith("2 live values are infinite");
  }

  @Test
  void compare_ofAbsentAndOtherKind_isNotComparable() {
    Baseline baseline = Baseline.fit(Columns.builder()
        .numeric("x", gaussian(1, 50, 0))
        .numeric("y", gaussian(2, 50, 0))
        .build());

    DriftReport report =
        baseline.compare(Columns.builder().categorical("x", texts(1, 50, "a")).build());

    assertThat(report.features()).allMatch(f -> f.verdict() == Verdict.NOT_COMPARABLE);
    assertThat(causes(report.features().get(0))).containsExactly(Cause.OTHER_KIND);
    assertThat(causes(report.features().get(1))).containsExactly(Cause.ABSENT);
  }

  @Test
  void toJson_ofAnyReport_parsesAndRepeatsTheVerdict() throws Exception {
    Baseline baseline =
        Baseline.fit(Columns.builder().numeric("x", gaussian(1, ROWS, 0)).build());
    DriftReport report =
        baseline.compare(Columns.builder().numeric("x", gaussian(2, 300, 1)).build());

    JsonNode json = new ObjectMapper().readTree(report.toJson());

    assertThat(json.get("formatVersion").intValue()).isEqualTo(1);
    assertThat(json.get("verdict").textValue()).isEqualTo("DRIFT");
    assertThat(json.at("/features/0/evidence/statistic").doubleValue())
        .isEqualTo(report.features().get(0).evidence().statistic());
  }

  @Test
  void toCaseStudyJson_ofCaseStudyPolicy_hasStatPAndDriftPerNumericFeature() throws Exception {
    Baseline baseline = Baseline.fit(Columns.builder()
        .numeric("amount", gaussian(1, ROWS, 0))
        .categorical("country", texts(1, ROWS, "a", "b"))
        .build());
    Columns live = Columns.builder()
        .numeric("amount", gaussian(2, 300, 0.5))
        .categorical("country", texts(2, 300, "a", "b"))
        .build();

    JsonNode json = new ObjectMapper()
        .readTree(baseline.compare(live, DriftPolicy.caseStudy()).toCaseStudyJson());

    assertThat(json.properties()).hasSize(1);
    assertThat(json.at("/amount/drift").booleanValue()).isTrue();
    assertThat(json.at("/amount/p").doubleValue()).isLessThan(0.1).isPositive();
    assertThat(json.at("/amount/stat").doubleValue()).isPositive();
  }

  @Test
  void toHtml_ofAHostileName_escapesIt() {
    Baseline baseline = Baseline.fit(
        Columns.builder().numeric("<script>\"x\"</script>", gaussian(1, 100, 0)).build());

    String html = baseline
        .compare(Columns.builder()
            .numeric("<script>\"x\"</script>", gaussian(2, 100, 3))
            .build())
        .toHtml();

    assertThat(html)
        .startsWith("<!doctype html>")
        .doesNotContain("<script")
        .contains("&lt;script&gt;");
  }

  @Test
  void fit_ofNoRows_isRefused() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> Baseline.fit(Columns.builder().numeric("x").build()))
        .withMessageContaining("at least one reference row");
  }

  @Test
  void fromJson_ofToJson_isTheSameBaseline() {
    Baseline baseline = Baseline.fit(Columns.builder()
        .numeric("x", gaussian(1, ROWS, 0))
        .numeric("inf", column(ROWS, i -> i == 0 ? Double.NEGATIVE_INFINITY : i))
        .categorical("c", texts(1, ROWS, "a", "b", "ü"))
        .build());

    Baseline read = Baseline.fromJson(baseline.toJson());

    assertThat(read.toJson()).isEqualTo(baseline.toJson());
    assertThat(read.fingerprint()).isEqualTo(baseline.fingerprint());
  }

  @Test
  void fromJson_ofForeignText_isCorrupt() {
    for (String text :
        List.of("", "{", "{}", "{\"format\":\"mlops-drift-baseline\",\"formatVersion\":2}")) {
      assertThatExceptionOfType(DriftException.class)
          .isThrownBy(() -> Baseline.fromJson(text))
          .matches(e -> e.kind() == DriftException.Kind.CORRUPT);
    }
  }

  @Test
  void compare_byAndersonDarlingOrCramerVonMises_isOverValuesIfAtHandElseOverCells() {
    Random random = new Random(8);
    double[] x = random.doubles(3000).toArray();
    double[] y = random.doubles(700, 0.02, 1.02).toArray();
    Baseline baseline = Baseline.fit(Columns.builder().numeric("x", x).build());
    Columns live = Columns.builder().numeric("x", y).build();
    Profile profile = baseline.newProfile();
    profile.record(live);
    for (Measure measure : List.of(Measure.ANDERSON_DARLING, Measure.CRAMER_VON_MISES)) {
      DriftPolicy policy = DriftPolicy.builder().numeric(measure).build();
      DriftTests.Result exact = measure == Measure.ANDERSON_DARLING
          ? DriftTests.andersonDarling(x, y)
          : DriftTests.cramerVonMises(x, y);

      FeatureDrift.Evidence raw =
          baseline.compare(live, policy).features().get(0).evidence();
      FeatureDrift.Evidence cells =
          baseline.compare(profile, policy).features().get(0).evidence();

      assertThat(raw.statistic()).isEqualTo(exact.statistic());
      assertThat(raw.pValue()).isEqualTo(exact.pValue());
      assertThat(cells.statistic())
          .isNotEqualTo(exact.statistic())
          .isCloseTo(exact.statistic(), org.assertj.core.api.Assertions.withinPercentage(3));
      assertThat(cells.pValue()).isBetween(exact.pValue() / 1.3, exact.pValue() * 1.3);
    }
  }
}
