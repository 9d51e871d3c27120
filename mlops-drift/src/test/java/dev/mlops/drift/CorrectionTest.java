package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.drift.DriftPolicy.Correction;
import org.junit.jupiter.api.Test;

class CorrectionTest {
  private static final double[] P = {0.01, 0.04, 0.03, 0.005, 0.5};

  @Test
  void adjust_ofKnownValues_equalsR() {
    // R 4: p.adjust(c(.01,.04,.03,.005,.5), method)
    assertThat(Correction.BENJAMINI_HOCHBERG.adjust(P))
        .containsExactly(new double[] {0.025, 0.05, 0.05, 0.025, 0.5}, within(1e-12));
    assertThat(Correction.HOLM.adjust(P))
        .containsExactly(new double[] {0.04, 0.09, 0.09, 0.025, 0.5}, within(1e-12));
    assertThat(Correction.BONFERRONI.adjust(P))
        .containsExactly(new double[] {0.05, 0.2, 0.15, 0.025, 1}, within(1e-12));
    assertThat(Correction.NONE.adjust(P)).containsExactly(P);
    assertThat(Correction.HOLM.adjust(new double[0])).isEmpty();
  }

  @Test
  void adjust_ofNoProbability_isRefused() {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> Correction.HOLM.adjust(new double[] {0.5, Double.NaN}))
        .withMessageContaining("NaN");
  }
}
