package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.KolmogorovSmirnov.Alternative;
import dev.mlops.drift.KolmogorovSmirnov.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How often each test rejects without drift, and with it. Short in the build; -Dmlops.long=true
 * repeats ten times as often and goes to larger samples. The table is written to
 * target/drift-calibration.md.
 */
class CalibrationSimulationTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final double ALPHA = 0.05;
  private static final List<String> TABLE = new ArrayList<>();

  private static int repeats(int shortRun) {
    return LONG ? 10 * shortRun : shortRun;
  }

  private static double threeErrors(double level, int repeats) {
    return 3 * Math.sqrt(level * (1 - level) / repeats);
  }

  @AfterAll
  static void writeTable() throws IOException {
    Path file = Path.of("target", "drift-calibration.md");
    Files.createDirectories(file.getParent());
    List<String> lines = new ArrayList<>(List.of("| case | figure |", "|---|---|"));
    lines.addAll(TABLE);
    Files.write(file, lines);
  }

  private static void note(String what, String format, Object... values) {
    TABLE.add("| " + what + " | " + String.format(Locale.ROOT, format, values) + " |");
  }

  private static long[] draw(SplittableRandom random, double[] cumulative, double skew, int n) {
    long[] counts = new long[cumulative.length];
    if (skew == 0) {
      for (int i = 0; i < n; i++) {
        counts[random.nextInt(counts.length)]++;
      }
      return counts;
    }
    for (int i = 0; i < n; i++) {
      double u = random.nextDouble();
      int c = 0;
      while (c < cumulative.length - 1 && u >= cumulative[c]) {
        c++;
      }
      counts[c]++;
    }
    return counts;
  }

  private static double[] shares(int k, double skew) {
    double[] cumulative = new double[k];
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += Math.pow(i + 1, -skew);
      cumulative[i] = sum;
    }
    for (int i = 0; i < k; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  static Stream<Arguments> categories() {
    List<Arguments> all = new ArrayList<>();
    for (int k : new int[] {2, 3, 5, 10, 20, 30, 50}) {
      for (int n : LONG ? new int[] {50, 200, 1000, 20_000, 1_000_000} : new int[] {50, 1000}) {
        all.add(Arguments.of(k, n, n, 0.0));
        all.add(Arguments.of(k, 1000, n, 1.0));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("categories")
  void chiSquare_withoutDrift_rejectsAtItsLevel(int k, int n, int m, double skew) {
    SplittableRandom random = new SplittableRandom(k * 31L + n + m);
    double[] cumulative = shares(k, skew);
    int repeats = repeats(n > 1000 ? 20 : 2000);
    int ours = 0;
    int evidently = 0;
    for (int r = 0; r < repeats; r++) {
      long[] a = draw(random, cumulative, skew, n);
      long[] b = draw(random, cumulative, skew, m);
      ours += DriftTests.chiSquare(a, b).pValue() < ALPHA ? 1 : 0;
      evidently += PeerConventions.evidentlyChiSquare(a, b).pValue() < ALPHA ? 1 : 0;
    }
    double rate = (double) ours / repeats;
    note(
        k + " categories, " + n + " against " + m + (skew > 0 ? ", skewed" : "") + ", no drift",
        "rejects %.3f; Evidently %.3f",
        rate,
        (double) evidently / repeats);
    // The gamma form is an approximation: half a point of slack beside the sampling error.
    assertThat(rate)
        .isBetween(
            ALPHA - 0.005 - threeErrors(ALPHA, repeats),
            ALPHA + 0.005 + threeErrors(ALPHA, repeats));
  }

  private interface Draw {
    double next(SplittableRandom random);
  }

  private static double[] sample(SplittableRandom random, int n, Draw draw) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = draw.next(random);
    }
    return values;
  }

  /**
   * The largest attainable level not above alpha: D lives on a lattice, so KS cannot reach alpha.
   */
  private static double attainable(int n, int m) {
    double best = 0;
    long lcm = (long) n / gcd(n, m) * m;
    double low = 0;
    double high = 1;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (KolmogorovSmirnov.pValue(middle, n, m, Alternative.TWO_SIDED, Method.AUTO) < ALPHA) {
        high = middle;
      } else {
        low = middle;
      }
    }
    double d = Math.ceil(low * lcm - 1e-6) / lcm;
    for (int i = 0; i < 4; i++) {
      double p = KolmogorovSmirnov.pValue(
          Math.min(1, d + (double) i / lcm), n, m, Alternative.TWO_SIDED, Method.AUTO);
      if (p < ALPHA) {
        best = Math.max(best, p);
      }
    }
    return best;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  static Stream<Arguments> sizes() {
    List<Arguments> all = new ArrayList<>();
    all.add(Arguments.of(50, 50, 4000));
    all.add(Arguments.of(50, 200, 3000));
    all.add(Arguments.of(1000, 50, 2000));
    all.add(Arguments.of(1000, 1000, 1000));
    all.add(Arguments.of(20_000, 1000, 300));
    if (LONG) {
      all.add(Arguments.of(1_000_000, 10_000, 25));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void numericTests_withoutDriftOrTies_rejectAtTheirLevel(int n, int m, int shortRepeats) {
    SplittableRandom random = new SplittableRandom(n + 7L * m);
    int repeats = repeats(shortRepeats);
    int ks = 0;
    int cvm = 0;
    int ad = 0;
    int psi = 0;
    int wasserstein = 0;
    int jensenShannon = 0;
    for (int r = 0; r < repeats; r++) {
      double[] x = sample(random, n, SplittableRandom::nextDouble);
      double[] y = sample(random, m, SplittableRandom::nextDouble);
      ks += KolmogorovSmirnov.test(x, y).pValue() < ALPHA ? 1 : 0;
      cvm += DriftTests.cramerVonMises(x, y).pValue() < ALPHA ? 1 : 0;
      ad += DriftTests.andersonDarling(x, y).pValue() < ALPHA ? 1 : 0;
      psi += DriftTests.psi(x, y, 10).value() >= 0.1 ? 1 : 0;
      wasserstein += PeerConventions.evidentlyWasserstein(x, y) >= 0.1 ? 1 : 0;
      jensenShannon += PeerConventions.nannymlJensenShannon(x, y) >= 0.1 ? 1 : 0;
    }
    double level = attainable(n, m);
    note(
        "numbers, " + n + " against " + m + ", no drift",
        "KS %.3f (attainable %.4f), CvM %.3f, AD %.3f; Evidently Wasserstein %.3f, PSI 0.1 %.3f, NannyML JS %.3f",
        (double) ks / repeats,
        level,
        (double) cvm / repeats,
        (double) ad / repeats,
        (double) wasserstein / repeats,
        (double) psi / repeats,
        (double) jensenShannon / repeats);
    assertThat((double) ks / repeats)
        .isCloseTo(level, org.assertj.core.api.Assertions.within(threeErrors(level, repeats)));
    assertThat((double) cvm / repeats)
        .isCloseTo(ALPHA, org.assertj.core.api.Assertions.within(threeErrors(ALPHA, repeats)));
    assertThat((double) ad / repeats)
        .isCloseTo(ALPHA, org.assertj.core.api.Assertions.within(threeErrors(ALPHA, repeats)));
  }

  static Stream<Arguments> tied() {
    return Stream.of(
        Arguments.of("0 or 1, 20 %", (Draw) r -> r.nextDouble() < 0.2 ? 1 : 0),
        Arguments.of("0 to 9", (Draw) r -> r.nextInt(10)),
        Arguments.of("60 % zeros", (Draw) r -> r.nextDouble() < 0.6 ? 0 : r.nextDouble()),
        Arguments.of("99 values", (Draw) r -> r.nextInt(99)));
  }

  @ParameterizedTest
  @MethodSource("tied")
  void numericTests_withTies_doNotExceedTheirLevel(String what, Draw draw) {
    SplittableRandom random = new SplittableRandom(what.hashCode());
    int repeats = repeats(2000);
    int ks = 0;
    int cvm = 0;
    int ad = 0;
    for (int r = 0; r < repeats; r++) {
      double[] x = sample(random, 400, draw);
      double[] y = sample(random, 300, draw);
      ks += KolmogorovSmirnov.test(x, y).pValue() < ALPHA ? 1 : 0;
      cvm += DriftTests.cramerVonMises(x, y).pValue() < ALPHA ? 1 : 0;
      ad += DriftTests.andersonDarling(x, y).pValue() < ALPHA ? 1 : 0;
    }
    note(
        "ties: " + what + ", 400 against 300, no drift",
        "KS %.3f (conservative), CvM %.3f, AD %.3f",
        (double) ks / repeats,
        (double) cvm / repeats,
        (double) ad / repeats);
    assertThat((double) ks / repeats).isLessThan(ALPHA + threeErrors(ALPHA, repeats));
    assertThat((double) cvm / repeats)
        .isCloseTo(
            ALPHA, org.assertj.core.api.Assertions.within(0.005 + threeErrors(ALPHA, repeats)));
    assertThat((double) ad / repeats)
        .isCloseTo(
            ALPHA, org.assertj.core.api.Assertions.within(0.005 + threeErrors(ALPHA, repeats)));
  }

  @Test
  void constants_withoutDrift_areNeverFlagged() {
    for (int n : new int[] {4, 50, 1000}) {
      double[] x = new double[n];
      double[] y = new double[n];
      java.util.Arrays.fill(x, 3.7);
      java.util.Arrays.fill(y, 3.7);
      assertThat(KolmogorovSmirnov.test(x, y).pValue()).isEqualTo(1);
      assertThat(DriftTests.cramerVonMises(x, y).pValue()).isEqualTo(1);
      DriftPolicy strict = DriftPolicy.builder().minEffect(0).minSamples(1).build();
      assertThat(Baseline.fit(Columns.builder().numeric("x", x).build())
              .compare(Columns.builder().numeric("x", y).build(), strict)
              .verdict())
          .isEqualTo(Verdict.STABLE);
    }
  }

  /** Numbers, ties, categories and missing values, all features independent, no drift anywhere. */
  private static Columns table(SplittableRandom random, int features, int rows, double shift) {
    Columns.Builder builder = Columns.builder();
    for (int f = 0; f < features; f++) {
      double moved = f == 0 ? shift : 0;
      int shape = f % 4;
      if (shape == 3) {
        String[] c = new String[rows];
        for (int i = 0; i < rows; i++) {
          c[i] = "c" + (int) (12 * Math.pow(random.nextDouble(), 2));
        }
        builder.categorical("f" + f, c);
      } else {
        builder.numeric("f" + f, sample(random, rows, r -> {
          double u = r.nextDouble() + moved;
          return shape == 1 && r.nextInt(10) == 0 ? Double.NaN : shape == 2 ? Math.floor(u * 8) : u;
        }));
      }
    }
    return builder.build();
  }

  @ParameterizedTest
  @MethodSource("widths")
  void report_withoutDrift_raisesAnAlarmNoMoreOftenThanAlpha(
      int features, int rows, int shortRepeats) {
    SplittableRandom random = new SplittableRandom(features);
    DriftPolicy strict = DriftPolicy.builder()
        .minEffect(0)
        .missingShareChange(0)
        .categoryShare(0)
        .build();
    int repeats = repeats(shortRepeats);
    int strictAlarms = 0;
    int defaultAlarms = 0;
    int evidently = 0;
    int nannyml = 0;
    for (int r = 0; r < repeats; r++) {
      Baseline baseline = Baseline.fit(table(random, features, rows, 0));
      Columns live = table(random, features, rows / 2, 0);
      strictAlarms += baseline.compare(live, strict).driftedFeatures().isEmpty() ? 0 : 1;
      defaultAlarms += baseline.compare(live).driftedFeatures().isEmpty() ? 0 : 1;
      evidently +=
          baseline.compare(live, DriftPolicy.evidently(rows)).driftedFeatures().isEmpty() ? 0 : 1;
      nannyml += baseline.compare(live, DriftPolicy.nannyml()).driftedFeatures().isEmpty() ? 0 : 1;
    }
    note(
        features + " features, " + rows + " against " + rows / 2
            + ", no drift: reports with any alarm",
        "%.3f without, %.3f with minimum effect; Evidently %.3f, NannyML %.3f",
        (double) strictAlarms / repeats,
        (double) defaultAlarms / repeats,
        (double) evidently / repeats,
        (double) nannyml / repeats);
    assertThat((double) strictAlarms / repeats)
        .isLessThanOrEqualTo(ALPHA + threeErrors(ALPHA, repeats));
    assertThat((double) defaultAlarms / repeats)
        .isLessThanOrEqualTo(ALPHA + threeErrors(ALPHA, repeats));
  }

  static Stream<Arguments> widths() {
    return Stream.of(
        Arguments.of(1, 1200, 400),
        Arguments.of(20, 1200, 120),
        Arguments.of(100, 600, 40),
        Arguments.of(500, 400, 16));
  }

  @Test
  void power_againstAShiftOfOneFeature_isReportedBesideThePeers() {
    SplittableRandom random = new SplittableRandom(99);
    int repeats = repeats(60);
    double previous = -1;
    for (double shift : new double[] {0.02, 0.05, 0.1, 0.15, 0.2}) {
      int ours = 0;
      int evidently = 0;
      int nannyml = 0;
      int false1 = 0;
      int false2 = 0;
      for (int r = 0; r < repeats; r++) {
        Baseline baseline = Baseline.fit(table(random, 12, 1200, 0));
        Columns live = table(random, 12, 600, shift);
        ours += baseline.compare(live).driftedFeatures().contains("f0") ? 1 : 0;
        List<String> e = baseline.compare(live, DriftPolicy.evidently(1200)).driftedFeatures();
        List<String> n = baseline.compare(live, DriftPolicy.nannyml()).driftedFeatures();
        evidently += e.contains("f0") ? 1 : 0;
        nannyml += n.contains("f0") ? 1 : 0;
        false1 += e.size() - (e.contains("f0") ? 1 : 0);
        false2 += n.size() - (n.contains("f0") ? 1 : 0);
      }
      note(
          "power: shift of " + shift + " in 1 of 12 features, 1200 against 600",
          "ours %.2f; Evidently %.2f with %.2f false per report; NannyML %.2f with %.2f false",
          (double) ours / repeats,
          (double) evidently / repeats,
          (double) false1 / repeats,
          (double) nannyml / repeats,
          (double) false2 / repeats);
      assertThat((double) ours / repeats).isGreaterThanOrEqualTo(previous - 0.15);
      previous = (double) ours / repeats;
    }
    assertThat(previous).isGreaterThan(0.95);
  }
}
