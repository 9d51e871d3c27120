package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DriftPolicyTest {
  private static final Random RANDOM = new Random(4);
  private static final double[] REFERENCE = RANDOM.doubles(3000).toArray();
  private static final double[] SHIFTED = RANDOM.doubles(500).map(u -> u + 0.3).toArray();
  private static final double[] SAME = RANDOM.doubles(500).toArray();

  private static Columns columns(double[] values) {
    String[] letters = new String[values.length];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = String.valueOf((char) ('a' + (int) (values[i] * 5)));
    }
    return Columns.builder().numeric("x", values).categorical("c", letters).build();
  }

  private static DriftPolicy policy(Measure test) {
    DriftPolicy.Builder builder = DriftPolicy.builder().minEffect(0).categoryShare(1);
    if (test.appliesTo(Columns.Kind.NUMERIC)) {
      builder = test.hasProbability() ? builder.numeric(test) : builder.numeric(test, 0.25);
    }
    if (test.appliesTo(Columns.Kind.CATEGORICAL)) {
      builder = test.hasProbability() ? builder.categorical(test) : builder.categorical(test, 0.25);
    }
    return builder.build();
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void compare_withEveryTest_tellsShiftedFromSame(Measure test) {
    Baseline baseline = Baseline.fit(columns(REFERENCE));

    DriftReport shifted = baseline.compare(columns(SHIFTED), policy(test));
    DriftReport same = baseline.compare(columns(SAME), policy(test));

    assertThat(shifted.driftedFeatures()).containsExactly("x", "c");
    assertThat(same.driftedFeatures()).isEmpty();
    assertThat(shifted.features()).extracting(f -> f.evidence().test()).contains(test);
    assertThat(same.features())
        .allMatch(f -> f.evidence().pValue() > 0 && f.evidence().pValue() <= 1);
  }

  @Test
  void compare_ofProfileAndRaw_agreeOnTheDistances() {
    Baseline baseline = Baseline.fit(columns(REFERENCE));
    Profile profile = baseline.newProfile();
    profile.record(columns(SHIFTED));

    var raw = baseline.compare(columns(SHIFTED)).features().get(0).distances();
    var counted =
        baseline.compare(profile, DriftPolicy.defaults()).features().get(0).distances();

    assertThat(counted).containsEntry("psi", raw.getOrDefault("psi", -1.0));
    // Out of the reference range counters only know the nearest edge: a lower bound.
    assertThat(counted.getOrDefault("wassersteinOverIqr", 9.0))
        .isLessThan(raw.getOrDefault("wassersteinOverIqr", -9.0) + 0.01);
  }

  @Test
  void falseAlarmBudget_ofOneInThirtyDaysOfHours_isOneIn720() {
    DriftPolicy policy = DriftPolicy.builder()
        .falseAlarmBudget(1, Duration.ofDays(30), Duration.ofHours(1))
        .build();

    assertThat(policy.alpha()).isCloseTo(1.0 / 720, within(1e-15));
  }

  @Test
  void evidently_ofLargeReference_needsHalfOfTheFeatures() {
    Columns reference = Columns.builder()
        .numeric("x", REFERENCE)
        .numeric("y", REFERENCE)
        .numeric("z", REFERENCE)
        .build();
    Columns live = Columns.builder()
        .numeric("x", SHIFTED)
        .numeric("y", SAME)
        .numeric("z", SAME)
        .build();

    DriftReport report = Baseline.fit(reference).compare(live, DriftPolicy.evidently(3000));

    assertThat(report.driftedFeatures()).containsExactly("x");
    assertThat(report.verdict()).isEqualTo(Verdict.WARNING);
  }

  @Test
  void psiPreset_ofModerateShift_warns() {
    double[] live = Stream.of(0)
        .flatMapToDouble(i -> RANDOM.doubles(5000).map(u -> Math.pow(u, 1.5)))
        .toArray();

    DriftReport report = Baseline.fit(Columns.builder().numeric("x", REFERENCE).build())
        .compare(Columns.builder().numeric("x", live).build(), DriftPolicy.psi());

    assertThat(report.features().get(0).evidence().statistic()).isBetween(0.1, 0.25);
    assertThat(report.verdict()).isEqualTo(Verdict.WARNING);
  }

  @Test
  void build_ofBadSettings_namesThem() {
    assertRefused(DriftPolicy.builder().alpha(0), "alpha");
    assertRefused(DriftPolicy.builder().alpha(Double.NaN), "alpha");
    assertRefused(DriftPolicy.builder().minEffect(1.1), "minEffect");
    assertRefused(DriftPolicy.builder().minSamples(0), "minSamples");
    assertRefused(DriftPolicy.builder().persistence(3, 2), "3 of 2");
    assertRefused(DriftPolicy.builder().numeric(Measure.CHI_SQUARE), "CHI_SQUARE does not apply");
    assertRefused(DriftPolicy.builder().numeric(Measure.WASSERSTEIN), "needs a threshold");
    assertRefused(DriftPolicy.builder().numeric(Measure.PSI, -1), "above 0");
    assertRefused(DriftPolicy.builder().name(" "), "name");
  }

  private static void assertRefused(DriftPolicy.Builder builder, String message) {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(builder::build)
        .withMessageContaining(message);
  }
}
