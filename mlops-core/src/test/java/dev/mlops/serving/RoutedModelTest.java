package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutedModelTest {
  private final LiveModel champion = new FakeSource().version(1).live().build();
  private final LiveModel challenger = new FakeSource().version(2).live().build();

  @Test
  void predict_asksTheModelThatTheRouterNames() {
    var routed = RoutedModel.<String>of(List.of(champion, challenger), String::length);

    assertThat(routed.predict("", FakeSource.ROW).model().version()).isEqualTo(1);
    assertThat(routed.predict("x", FakeSource.ROW).model().version()).isEqualTo(2);
    assertThat(routed.misrouted()).isZero();
  }

  @Test
  void predict_unitOutsideTheExperiment_asksTheChampion() {
    var routed = RoutedModel.<String>of(List.of(champion, challenger), unit -> -1);

    assertThat(routed.predict("x", FakeSource.ROW).model().version()).isEqualTo(1);
    assertThat(routed.misrouted()).isZero();
  }

  @Test
  void predict_routerThatFails_asksTheChampionAndCounts() {
    var routed = RoutedModel.<String>of(List.of(champion, challenger), unit -> {
      if (unit.isEmpty()) {
        throw new IllegalStateException("no unit");
      }
      return 7;
    });

    assertThat(routed.predict("", FakeSource.ROW, new double[2]).version()).isEqualTo(1);
    assertThat(routed.predict("x", FakeSource.ROW, new double[2]).version()).isEqualTo(1);
    assertThat(routed.misrouted()).isEqualTo(2);
  }

  @Test
  void of_modelsWithOtherSignatures_isInvalid() {
    var schema = new Schema(List.of(new Feature.Numeric("z")), FakeSource.SCHEMA.target());
    LiveModel other = new FakeSource().version(1, schema, "good").live().build();

    assertThatThrownBy(() -> RoutedModel.of(List.of(champion, other), unit -> 0))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> RoutedModel.of(List.of(), unit -> 0))
        .isInstanceOf(InvalidInputException.class);
  }
}
