package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.abtest.error.AbTestException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  @Test
  void build_putsTheControlFirst() {
    Experiment experiment = Experiment.builder("e")
        .variant("b", 30)
        .control("a", 70)
        .variant("c", 0)
        .build();

    assertThat(experiment.variants())
        .containsExactly(new Variant("a", 70), new Variant("b", 30), new Variant("c", 0));
    assertThat(experiment.weightHistory()).containsOnlyKeys(1);
  }

  @Test
  void build_brokenRule_isRefusedWithTheValue() {
    refused(() -> Experiment.builder(""), "experiment must be 1 to 128 letters");
    refused(() -> Experiment.builder("e").variant("a", 1).build(), "needs a control");
    refused(() -> Experiment.builder("e").control("a", 1).build(), "at least one variant");
    refused(() -> Experiment.builder("e").control("a", -1), "weight must be 0 or more, got -1");
    refused(() -> ab().variant("b", 3), "variant 'b' is there twice");
    refused(() -> ab().control("c", 3), "the control is already 'a', got 'c'");
    refused(() -> ab().traffic(1.01), "traffic must be from 0 to 1, got 1.01");
    refused(() -> ab().traffic(Double.NaN), "traffic must be from 0 to 1, got NaN");
    refused(() -> ab().epoch(0), "epoch must be at least 1, got 0");
    refused(() -> ab().override("u", "z").build(), "an override names 'z'");
    refused(() -> ab().earlierEpoch(1, Map.of("a", 1, "b", 1)).build(), "must be before epoch 1");
    refused(
        () -> Experiment.builder("e").control("a", 0).variant("b", 0).build(),
        "weights must sum to 1 up to 2^31-1, got 0");
    refused(
        () -> Experiment.builder("e")
            .control("a", Integer.MAX_VALUE)
            .variant("b", 1)
            .build(),
        "got 2147483648");
    refused(() -> ab().layer(Layer.of("l", 0.2), 0.1, 0.5), "a slice must lie in slots 13107");
    refused(() -> ab().build().reweigh(Map.of("a", 1)), "new weights must name its variants");
  }

  @Test
  void rampAndReweigh_startAnEpochAndRememberTheOldWeights() {
    Experiment first = ab().traffic(0.05).build();

    Experiment third = first.ramp(0.5).reweigh(Map.of("a", 50, "b", 50));

    assertThat(third.epoch()).isEqualTo(3);
    assertThat(third.traffic()).isEqualTo(0.5);
    assertThat(third.salt()).isEqualTo(first.salt());
    assertThat(third.weightHistory())
        .containsEntry(1, Map.of("a", 95, "b", 5))
        .containsEntry(2, Map.of("a", 95, "b", 5))
        .containsEntry(3, Map.of("a", 50, "b", 50));
  }

  private static Experiment.Builder ab() {
    return Experiment.builder("e").control("a", 95).variant("b", 5);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining(message);
  }
}
