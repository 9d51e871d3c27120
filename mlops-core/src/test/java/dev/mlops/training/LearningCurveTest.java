package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Split;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.Evaluation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearningCurveTest {
  private static final Recipe RECIPE = Recipe.builder()
      .impute()
      .oneHot()
      .trainer(Trainer.randomForest().trees(20))
      .seed(4)
      .build();

  @Test
  void of_growingShares_judgesEachOnItsOwnRowsAndOnAllHeldBack() {
    Split split = TestTables.mixed(1000, 3).split(0.7, 1);

    List<LearningCurve.Point> curve =
        LearningCurve.of(RECIPE, split, new double[] {0.1, 0.5, 1}, 42);

    assertThat(curve).extracting(LearningCurve.Point::rows).containsExactly(70, 350, 700);
    assertThat(curve).allSatisfy(point -> {
      assertThat(point.train().size()).isEqualTo(point.rows());
      assertThat(point.test().size()).isEqualTo(300);
      assertThat(point.test().targets()).isEqualTo(split.test().targets());
    });
    LearningCurve.Point last = curve.get(2);
    TrainedModel whole = RECIPE.train(split.train());
    assertThat(last.test().scores())
        .isDeepEqualTo(Evaluation.of(whole.predictor(), split.test()).scores());
    assertThat(last.train().metric("roc_auc")).isGreaterThan(last.test().metric("roc_auc"));
    assertThat(last.test().metric("roc_auc")).isGreaterThan(curve.get(0).test().metric("roc_auc"));
  }

  @Test
  void of_theSameSeed_isTheSame() {
    Split split = TestTables.mixed(300, 3).split(0.7, 1);
    double[] half = {0.5};

    double[][] once = LearningCurve.of(RECIPE, split, half, 42).get(0).test().scores();

    assertThat(LearningCurve.of(RECIPE, split, half, 42).get(0).test().scores())
        .isDeepEqualTo(once);
    double[][] other = LearningCurve.of(RECIPE, split, half, 43).get(0).test().scores();
    assertThat(Arrays.deepEquals(other, once)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void of_aShareThatIsNone_isRefusedBeforeTraining(double share) {
    Split split = TestTables.mixed(100, 3).split(0.7, 1);

    assertThatThrownBy(() -> LearningCurve.of(RECIPE, split, new double[] {0.5, share}, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a share must be greater than 0 and at most 1, got " + share);
  }
}
