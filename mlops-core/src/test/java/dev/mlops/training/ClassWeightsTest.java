package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {
  private static final Target CLASSES = new Target.Classes("y", List.of("a", "b", "c"));
  private static final double[] ROWS = {0, 0, 0, 1, 0, 1, 2, 0};

  @Test
  void ofRows_none_isOne() {
    assertThat(ClassWeights.none().ofRows(CLASSES, ROWS)).hasSize(8).containsOnly(1);
    assertThat(ClassWeights.none().ofRows(new Target.Quantity("q"), new double[] {7.5}))
        .containsExactly(1);
  }

  /** scikit-learn: n_samples / (n_classes * np.bincount(y)). */
  @Test
  void ofRows_balanced_isTheInverseFrequency() {
    double a = 8 / (3.0 * 5);
    double b = 8 / (3.0 * 2);
    double c = 8 / (3.0 * 1);

    assertThat(ClassWeights.balanced().ofRows(CLASSES, ROWS))
        .containsExactly(a, a, a, b, a, b, c, a);
  }

  @Test
  void ofRows_named_isOneForTheRest() {
    assertThat(ClassWeights.of(Map.of("b", 2.5, "c", 4.0)).ofRows(CLASSES, ROWS))
        .containsExactly(1, 1, 1, 2.5, 1, 2.5, 4, 1);
  }

  @Test
  void ofRows_ofWhatHasNoSuchClass_isRefused() {
    ClassWeights unknown = ClassWeights.of(Map.of("maybe", 2.0));

    assertThatThrownBy(() -> unknown.ofRows(CLASSES, ROWS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("class weights name 'maybe', the classes are [a, b, c]");
    assertThatThrownBy(() -> ClassWeights.balanced().ofRows(new Target.Quantity("q"), ROWS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("label 'q' is a quantity");
    assertThatThrownBy(() -> ClassWeights.of(Map.of("a", 0.0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the weight of class 'a'");
  }
}
