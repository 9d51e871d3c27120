package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.drift.KolmogorovSmirnov.Alternative;
import dev.mlops.drift.KolmogorovSmirnov.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Generated cases; the seed is in every message. -Dmlops.long=true runs all of them. */
class FuzzTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final long SEED = Long.getLong("mlops.seed", 20260601L);

  private static double value(Random r, int shape, double shift) {
    return switch (shape) {
      case 0 -> r.nextGaussian() + shift;
      case 1 -> r.nextInt(6);
      case 2 -> Math.exp(3 * r.nextGaussian() + shift);
      case 3 -> r.nextInt(3) == 0 ? r.nextDouble() : 0;
      case 4 -> -r.nextInt(4) * 1e5 + (r.nextBoolean() ? 0 : r.nextDouble());
      case 5 -> (r.nextBoolean() ? 1 : -1) * Math.pow(10, r.nextInt(600) - 300);
      case 6 ->
        r.nextInt(20) == 0
            ? Double.POSITIVE_INFINITY
            : r.nextInt(20) == 0 ? Double.NEGATIVE_INFINITY : r.nextGaussian();
      case 7 -> r.nextBoolean() ? 0.0 : -0.0;
      default -> r.nextInt(50) / 7.0 + (r.nextInt(4) == 0 ? Double.MIN_VALUE : 0);
    };
  }

  private static double[] sample(Random r, int n, int shape, double shift) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> value(r, shape, shift));
    return values;
  }

  @Test
  void certifiedInterval_andLinearTimeDistance_agreeWithSortAndMerge() {
    int cases = LONG ? 300_000 : 20_000;
    Random r = new Random(SEED);
    for (int i = 0; i < cases; i++) {
      int shape = r.nextInt(9);
      int n = 1 + r.nextInt(i % 100 == 0 ? 5000 : 200);
      int m = 1 + r.nextInt(i % 100 == 0 ? 3000 : 200);
      double[] reference = sample(r, n, shape, 0);
      double[] live = sample(r, m, r.nextInt(10) == 0 ? r.nextInt(9) : shape, r.nextInt(3) * 0.1);
      String what = "seed " + SEED + " case " + i + " shape " + shape + " " + n + "v" + m;

      double exact = KolmogorovSmirnov.statistic(reference, live);
      KolmogorovSmirnov.Reference fitted = KolmogorovSmirnov.fit(reference);
      assertThat(fitted.statistic(live)).as(what).isEqualTo(exact);

      Baseline baseline = Baseline.fit(
          Columns.builder().numeric("x", reference).build(),
          Baseline.Options.defaults().withMaxEdges(2 + r.nextInt(40)).withoutReference());
      Profile profile = baseline.newProfile();
      profile.recordColumn("x", live);
      var bounds = profile.distanceBounds(0);
      assertThat(exact).as(what).isBetween(bounds.low(), bounds.high());
    }
  }

  @Test
  void fittedReference_givesTheSignAndALocationThatAttainsTheDistance() {
    Random r = new Random(SEED + 1);
    for (int i = 0; i < 3000; i++) {
      int shape = r.nextInt(6);
      double[] reference = sample(r, 1 + r.nextInt(150), shape, 0);
      double[] live = sample(r, 1 + r.nextInt(150), shape, r.nextInt(3) * 0.2);
      String what = "seed " + SEED + " case " + i + " shape " + shape;

      KolmogorovSmirnov.Result fast = KolmogorovSmirnov.fit(reference).test(live);
      KolmogorovSmirnov.Result slow =
          KolmogorovSmirnov.test(reference, live, Alternative.TWO_SIDED, Method.AUTO);

      assertThat(fast.pValue()).as(what).isEqualTo(slow.pValue());
      assertThat(fast.sign()).as(what).isEqualTo(slow.sign());
      double f = Arrays.stream(reference).filter(v -> v <= fast.location()).count()
          / (double) reference.length;
      double g =
          Arrays.stream(live).filter(v -> v <= fast.location()).count() / (double) live.length;
      assertThat((f - g) * fast.sign()).as(what).isCloseTo(fast.statistic(), within(1e-12));
    }
  }

  @Test
  void profile_mergedInAnyOrderSplitSubtractedOrRoundTripped_hasTheSameBytesAndVerdict() {
    int cases = LONG ? 10_000 : 1_500;
    Random r = new Random(SEED + 2);
    for (int i = 0; i < cases; i++) {
      String what = "seed " + SEED + " case " + i;
      int shape = r.nextInt(9);
      Baseline baseline = Baseline.fit(columns(r, 20 + r.nextInt(100), shape, "abc"));
      int parts = 1 + r.nextInt(6);
      List<Columns> data = new ArrayList<>();
      Profile whole = baseline.newProfile();
      for (int p = 0; p < parts; p++) {
        Columns part =
            columns(r, r.nextInt(60), r.nextInt(8) == 0 ? r.nextInt(9) : shape, "abcdefgh");
        data.add(part);
        whole.record(part);
      }
      byte[] expected = whole.toBytes();

      List<Profile> profiles = new ArrayList<>();
      data.forEach(part -> {
        Profile profile = baseline.newProfile();
        profile.record(part);
        profiles.add(
            r.nextBoolean()
                ? Profile.fromBytes(profile.toBytes(), baseline)
                : Profile.fromJson(profile.toJson(), baseline));
      });
      Collections.shuffle(profiles, r);
      while (profiles.size() > 1) {
        Profile a = profiles.remove(r.nextInt(profiles.size()));
        profiles.get(r.nextInt(profiles.size())).merge(a);
      }
      Profile merged = profiles.get(0);
      assertThat(merged.toBytes()).as(what).isEqualTo(expected);
      assertThat(baseline.compare(merged, DriftPolicy.defaults()).toJson())
          .as(what)
          .isEqualTo(baseline.compare(whole, DriftPolicy.defaults()).toJson());

      for (FeatureDrift feature :
          baseline.compare(merged, DriftPolicy.defaults()).features()) {
        assertThat(feature.evidence().pValue()).as(what).isPositive().isLessThanOrEqualTo(1);
        assertThat(feature.evidence().adjustedPValue())
            .as(what)
            .isPositive()
            .isLessThanOrEqualTo(1);
      }

      Profile extra = baseline.newProfile();
      extra.record(columns(r, r.nextInt(40), shape, "axyz"));
      assertThat(merged.copy().merge(extra).subtract(extra).toBytes()).as(what).isEqualTo(expected);
      assertThat(merged).as(what).isEqualTo(whole);
      assertThat(merged.toJson()).as(what).isEqualTo(whole.toJson());
    }
  }

  private static Columns columns(Random r, int rows, int shape, String letters) {
    double[] x = sample(r, rows, shape, 0);
    String[] c = new String[rows];
    for (int i = 0; i < rows; i++) {
      if (r.nextInt(15) == 0) {
        x[i] = Double.NaN;
      }
      c[i] = String.valueOf(letters.charAt(r.nextInt(letters.length())));
    }
    return Columns.builder().numeric("x", x).categorical("c", c).build();
  }

  @Test
  void profileBytes_damagedAnywhere_areRefused() {
    Random r = new Random(SEED + 3);
    Baseline baseline = Baseline.fit(columns(r, 50, 0, "ab"));
    Profile profile = baseline.newProfile();
    profile.record(columns(r, 50, 0, "abc"));
    byte[] bytes = profile.toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= (byte) (1 << r.nextInt(8));
      assertThat(kind(damaged, baseline)).as("byte %s", i).isEqualTo(DriftException.Kind.CORRUPT);
      assertThat(kind(Arrays.copyOf(bytes, i), baseline))
          .as("cut at %s", i)
          .isEqualTo(DriftException.Kind.CORRUPT);
    }
    assertThat(kind(bytes, Baseline.fit(columns(r, 50, 0, "ab"))))
        .isEqualTo(DriftException.Kind.NOT_COMPARABLE);
  }

  private static DriftException.Kind kind(byte[] bytes, Baseline baseline) {
    try {
      Profile.fromBytes(bytes, baseline);
    } catch (DriftException e) {
      return e.kind();
    }
    throw new AssertionError("accepted");
  }
}
