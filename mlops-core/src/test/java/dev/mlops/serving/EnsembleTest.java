package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleTest {
  private static final Schema CLASSES = new Schema(
      List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("a", "b", "c")));
  private static final double[] ROW = {1};

  private final Predictor sure = constant(CLASSES, 0.8, 0.1, 0.1);
  private final Predictor unsure = constant(CLASSES, 0.2, 0.5, 0.3);
  private final Predictor third = constant(CLASSES, 0.3, 0.4, 0.3);

  @Test
  void mean_averagesScores() {
    assertThat(Ensemble.mean(List.of(sure, unsure)).predict(ROW))
        .containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-15));
  }

  @Test
  void weighted_countsByWeight() {
    assertThat(Ensemble.weighted(List.of(sure, unsure), new double[] {3, 1}).predict(ROW))
        .containsExactly(new double[] {0.65, 0.2, 0.15}, within(1e-15));
  }

  @Test
  void vote_countsHighestScores() {
    Ensemble vote = Ensemble.vote(List.of(sure, unsure, third));

    assertThat(vote.predict(ROW))
        .containsExactly(new double[] {1 / 3.0, 2 / 3.0, 0}, within(1e-15));
    assertThat(vote.givesProbabilities()).isFalse();
  }

  @Test
  void stacking_givesScoresToTheLastModel() {
    Schema last = new Schema(
        List.of(
            new Feature.Numeric("1"),
            new Feature.Numeric("2"),
            new Feature.Numeric("3"),
            new Feature.Numeric("4"),
            new Feature.Numeric("5"),
            new Feature.Numeric("6")),
        new Target.Quantity("q"));
    Predictor sum = new Lambda(last, (row, scores) -> scores[0] = row[0] * 10 + row[4]);

    Ensemble stack = Ensemble.stacking(List.of(sure, unsure), sum);

    assertThat(stack.predict(ROW)).containsExactly(8.5);
    assertThat(stack.schema().target()).isEqualTo(last.target());
    assertThatThrownBy(() -> Ensemble.stacking(List.of(sure), sum))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("3 features, got 6");
  }

  @Test
  void create_wrongMembersOrWeights_isInvalid() {
    Predictor other = constant(FakeSource.SCHEMA, 0, 1);
    assertThatThrownBy(() -> Ensemble.mean(List.of(sure, other)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Ensemble.mean(List.of())).isInstanceOf(InvalidInputException.class);
    for (double[] weights : List.of(
        new double[] {1}, new double[] {1, -1}, new double[] {0, 0}, new double[] {1, Double.NaN
        })) {
      assertThatThrownBy(() -> Ensemble.weighted(List.of(sure, unsure), weights))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void mean_ofLiveModels_followsThem() {
    var source = new FakeSource().version(1);
    LiveModel live = source.live().build();
    Ensemble ensemble = Ensemble.mean(List.of(live.asPredictor(), live.asPredictor()));
    assertThat(ensemble.predict(FakeSource.ROW)).isEqualTo(FakeSource.scoresOf(1));

    source.version(2);
    live.refresh();

    assertThat(ensemble.predict(FakeSource.ROW)).isEqualTo(FakeSource.scoresOf(2));
  }

  private static Predictor constant(Schema schema, double... scores) {
    return new Lambda(schema, (row, out) -> System.arraycopy(scores, 0, out, 0, out.length));
  }

  private interface Body {
    void predict(double[] row, double[] scores);
  }

  private record Lambda(Schema schema, Body body) implements Predictor {
    @Override
    public boolean givesProbabilities() {
      return true;
    }

    @Override
    public void predict(double[] row, double[] scores) {
      body.predict(row, scores);
    }

    @Override
    public String describe() {
      return "lambda";
    }
  }
}
