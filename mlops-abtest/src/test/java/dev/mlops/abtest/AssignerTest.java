package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssignerTest {
  private static final int UNITS = 100_000;

  @Test
  void assign_isDeterministicAndFollowsTheWeights() {
    Assigner assigner = Assigner.of(Experiment.builder("e")
        .control("a", 60)
        .variant("b", 30)
        .variant("c", 10)
        .build());

    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < UNITS; i++) {
      Assignment assignment = assigner.assign("user-" + i);
      assertThat(assigner.assign("user-" + i)).isSameAs(assignment);
      seen.merge(assignment.variant().orElseThrow(), 1, Integer::sum);
    }

    assertThat(seen.get("a")).isBetween(59_400, 60_600);
    assertThat(seen.get("b")).isBetween(29_400, 30_600);
    assertThat(seen.get("c")).isBetween(9_600, 10_400);
  }

  @Test
  void assign_withoutUnit_isNotInTheExperiment() {
    Assigner assigner = Assigner.of(ab().build());

    assertThat(assigner.assign(null).reason()).isEqualTo(Assignment.Reason.NO_UNIT);
    assertThat(assigner.assign("").variant()).isEmpty();
    assertThat(assigner.assign("").variantOr("a")).isEqualTo("a");
  }

  @Test
  void assign_override_winsAndIsNotAnalysed() {
    Assigner assigner = Assigner.of(ab().traffic(0).override("tester", "b").build());

    Assignment assignment = assigner.expose("tester");

    assertThat(assignment.variant()).contains("b");
    assertThat(assignment.reason()).isEqualTo(Assignment.Reason.OVERRIDE);
    assertThat(assignment.analysed()).isFalse();
    assertThat(assigner.exposures("b")).isZero();
    assertThat(assigner.assign("other").reason()).isEqualTo(Assignment.Reason.NOT_IN_TRAFFIC);
  }

  @Test
  void assign_duringARamp_neverEjectsOrMovesAUnit() {
    Experiment experiment = ab().traffic(0.05).build();
    Map<String, String> previous = new HashMap<>();
    for (double traffic : new double[] {0.05, 0.1, 0.25, 0.5, 1}) {
      experiment = experiment.ramp(traffic);
      Assigner assigner = Assigner.of(experiment);
      Map<String, String> now = new HashMap<>();
      for (int i = 0; i < UNITS; i++) {
        String unit = "u" + i;
        assigner.assign(unit).variant().ifPresent(v -> now.put(unit, v));
      }
      assertThat(now).containsAllEntriesOf(previous);
      assertThat(now.size() / (double) UNITS).isBetween(traffic - 0.005, traffic + 0.005);
      previous = now;
    }
  }

  @Test
  void assign_inOneLayer_isMutuallyExclusiveAndRespectsTheHoldout() {
    Layer layer = Layer.of("checkout", 0.1);
    Assigner first = Assigner.of(ab().layer(layer, 0.1, 0.5).build());
    Assigner second = Assigner.of(Experiment.builder("f")
        .control("a", 1)
        .variant("b", 1)
        .layer(layer, 0.5, 1)
        .build());

    int held = 0;
    for (int i = 0; i < UNITS; i++) {
      Assignment one = first.assign("u" + i);
      Assignment two = second.assign("u" + i);
      assertThat(one.inExperiment() && two.inExperiment()).isFalse();
      if (one.reason() == Assignment.Reason.HOLDOUT) {
        assertThat(two.reason()).isEqualTo(Assignment.Reason.HOLDOUT);
        held++;
      }
    }
    assertThat(held).isBetween(9_600, 10_400);
  }

  @Test
  void expose_countsPerVariant() {
    Assigner assigner = Assigner.of(ab().build());
    for (int i = 0; i < 1000; i++) {
      assigner.expose("u" + i);
    }

    assertThat(assigner.exposures("a") + assigner.exposures("b")).isEqualTo(1000);
  }

  private static Experiment.Builder ab() {
    return Experiment.builder("e").control("a", 50).variant("b", 50);
  }
}
