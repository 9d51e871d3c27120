package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeDetectorsTest {
  private static final Map<String, Supplier<ChangeDetector>> MOA = Map.of(
      "ADWIN delta=0.002 (setInput returned true)", ChangeDetector::adwin,
      "DDM", ChangeDetector::ddm,
      "PageHinkleyDM", ChangeDetector::pageHinkley,
      "HDDM_A_Test", ChangeDetector::hddm);

  static Stream<Supplier<ChangeDetector>> all() {
    return Stream.of(
        ChangeDetector::adwin,
        ChangeDetector::ddm,
        ChangeDetector::pageHinkley,
        ChangeDetector::hddm,
        ChangeDetector::kswin);
  }

  private static double[] bernoulli(long seed, int n, double before, double after, int change) {
    Random random = new Random(seed);
    double[] stream = new double[n];
    for (int i = 0; i < n; i++) {
      stream[i] = random.nextDouble() < (i < change ? before : after) ? 1 : 0;
    }
    return stream;
  }

  private static double[] stream(JsonNode v) {
    String name = v.get("stream").textValue();
    if (name.contains("stationary")) {
      return bernoulli(v.get("seed").longValue(), 4000, 0.2, 0.2, 4000);
    }
    String[] parts = name.split("_");
    return bernoulli(
        v.get("seed").longValue(),
        4000,
        Double.parseDouble(parts[1]),
        Double.parseDouble(parts[3]),
        2000);
  }

  @TestFactory
  Stream<DynamicTest> update_overTheRecordedStreams_alarmsWhereMoaDoes() {
    return Vectors.cases("online").stream()
        .flatMap(v -> MOA.entrySet().stream()
            .map(d -> DynamicTest.dynamicTest(
                d.getKey() + " on " + v.get("stream") + " " + v.get("seed"), () -> {
                  List<Integer> expected = new ArrayList<>();
                  v.get("moa_2024.07.0_change_indices")
                      .get(d.getKey())
                      .forEach(i -> expected.add(i.intValue()));
                  assertThat(alarms(d.getValue().get(), stream(v))).isEqualTo(expected);
                })));
  }

  private static List<Integer> alarms(ChangeDetector detector, double[] stream) {
    List<Integer> alarms = new ArrayList<>();
    for (int i = 0; i < stream.length; i++) {
      if (detector.update(stream[i]) == ChangeDetector.Signal.CHANGE) {
        alarms.add(i);
      }
    }
    return alarms;
  }

  @ParameterizedTest
  @MethodSource("all")
  void update_onAStrongChange_detectsItBetterThanTheDummy(Supplier<ChangeDetector> detector) {
    double[] stream = bernoulli(99, 6000, 0.1, 0.7, 3000);

    DetectorEvaluation.Comparison result =
        DetectorEvaluation.againstDummy(detector, stream, new int[] {3000}, 200);

    assertThat(result.detector().detected()).isEqualTo(1);
    assertThat(result.detector().meanDelay()).isLessThan(150);
    assertThat(result.detector().f1()).isGreaterThan(result.dummy().f1());
    assertThat(result.dummy().recall()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void restore_inTheMiddle_goesOnAsIfNothingHappened(Supplier<ChangeDetector> supplier) {
    double[] stream = bernoulli(5, 3000, 0.2, 0.6, 1500);
    ChangeDetector whole = supplier.get();
    ChangeDetector first = supplier.get();
    List<ChangeDetector.Signal> expected = new ArrayList<>();
    List<ChangeDetector.Signal> actual = new ArrayList<>();
    for (double v : stream) {
      expected.add(whole.update(v));
    }
    for (int i = 0; i < 777; i++) {
      actual.add(first.update(stream[i]));
    }
    ChangeDetector second = supplier.get();
    second.restore(first.snapshot());
    for (int i = 777; i < stream.length; i++) {
      actual.add(second.update(stream[i]));
    }

    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("all")
  void restore_ofDamagedOrForeignBytes_isRefusedAndChangesNothing(
      Supplier<ChangeDetector> supplier) {
    ChangeDetector detector = supplier.get();
    detector.update(1);
    byte[] before = detector.snapshot();
    byte[] damaged = before.clone();
    damaged[damaged.length / 2] ^= 1;

    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> detector.restore(damaged))
        .matches(e -> e.kind() == DriftException.Kind.CORRUPT);
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> detector.restore(ChangeDetector.kswin(0.01, 50, 20).snapshot()))
        .matches(e -> e.kind() == DriftException.Kind.NOT_COMPARABLE);
    assertThat(detector.snapshot()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("all")
  void update_ofNaN_isRefused(Supplier<ChangeDetector> supplier) {
    ChangeDetector detector = supplier.get();

    assertThatExceptionOfType(DriftException.class).isThrownBy(() -> detector.update(Double.NaN));
  }

  @Test
  void kswin_withoutChange_keepsItsLevel() {
    Random random = new Random(8);
    double[] stream = random.doubles(100_000).toArray();

    DetectorEvaluation evaluation =
        DetectorEvaluation.of(ChangeDetector::kswin, stream, new int[0], 1);

    // alpha 1e-4 per step, steps overlap heavily: an alarm every few thousand values at the most.
    assertThat(evaluation.falseAlarmsPer10k()).isLessThan(1);
  }

  @Test
  void of_countsDelaysAndFalseAlarms() {
    double[] stream = new double[1000];
    Supplier<ChangeDetector> scripted = () -> new Scripted(100, 210, 250, 900);

    DetectorEvaluation evaluation =
        DetectorEvaluation.of(scripted, stream, new int[] {200, 500}, 100);

    assertThat(evaluation).isEqualTo(new DetectorEvaluation(2, 1, 2, 10, 20, 1.0 / 3, 0.5));
  }

  @Test
  void factories_withBadParameters_areRefused() {
    assertThatExceptionOfType(DriftException.class).isThrownBy(() -> ChangeDetector.adwin(0));
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> ChangeDetector.hddm(0.1, 0.01));
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> ChangeDetector.kswin(0.1, 10, 10));
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> ChangeDetector.pageHinkley(30, 0.1, -1, 1));
  }

  private static final class Scripted implements ChangeDetector {
    private final List<Integer> alarms = new ArrayList<>();
    private int next;

    Scripted(int... alarms) {
      for (int a : alarms) {
        this.alarms.add(a);
      }
    }

    @Override
    public Signal update(double value) {
      return alarms.contains(next++) ? Signal.CHANGE : Signal.STABLE;
    }

    @Override
    public void reset() {
      next = 0;
    }

    @Override
    public byte[] snapshot() {
      return new byte[0];
    }

    @Override
    public void restore(byte[] snapshot) {}
  }
}
