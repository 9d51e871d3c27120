package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static final ServedModel CLASSES = new ServedModel("fraud", 3, FakeSource.SCHEMA);
  private static final ServedModel QUANTITY = new ServedModel(
      "price", 1, new Schema(List.of(new Feature.Numeric("x")), new Target.Quantity("y")));

  @Test
  void label_ofTheHighestScore() {
    assertThat(new Prediction(CLASSES, new double[] {0.3, 0.7}).label()).isEqualTo("yes");
    assertThat(new Prediction(CLASSES, new double[] {0.5, 0.5}).label()).isEqualTo("no");
  }

  @Test
  void label_withAScoreThatIsNoNumber_isAnother() {
    assertThat(new Prediction(CLASSES, new double[] {Double.NaN, 0.9}).label()).isEqualTo("yes");
    assertThat(new Prediction(CLASSES, new double[] {0.1, Double.NaN}).label()).isEqualTo("no");
  }

  @Test
  void score_byName() {
    var prediction = new Prediction(CLASSES, new double[] {0.3, 0.7});

    assertThat(prediction.score("no")).isEqualTo(0.3);
    assertThatThrownBy(() -> prediction.score("maybe"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'maybe'");
    assertThatThrownBy(prediction::value).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void value_ofAQuantity() {
    var prediction = new Prediction(QUANTITY, new double[] {12.5});

    assertThat(prediction.value()).isEqualTo(12.5);
    assertThatThrownBy(prediction::label).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void scores_areCopied() {
    double[] scores = {0.3, 0.7};
    var prediction = new Prediction(CLASSES, scores);

    scores[0] = 9;
    prediction.scores()[1] = 9;

    assertThat(prediction.scores()).containsExactly(0.3, 0.7);
  }

  @Test
  void create_withTooFewScores_isInvalid() {
    assertThatThrownBy(() -> new Prediction(CLASSES, new double[1]))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("fraud:3");
  }
}
