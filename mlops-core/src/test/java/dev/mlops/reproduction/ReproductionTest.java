package dev.mlops.reproduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.VersionDraft;
import dev.mlops.tracking.Lineage;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReproductionTest {
  private static final ModelRef.Version FIRST = new ModelRef.Version("iris", 1);

  private final ModelRegistry registry = ModelRegistry.inMemory();
  private final Table table = TestTables.iris();

  static Stream<Trainer> trainers() {
    return Stream.of(
        Trainer.logisticRegression(),
        Trainer.randomForest().trees(10),
        Trainer.rbfSvm(),
        Trainer.gradientBoostedTrees().trees(10));
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void reproduction_onTheSameTable_isExact(Trainer trainer) {
    register(trainer, Map.of());

    Reproduction again = Reproduction.of(registry, FIRST, table);

    assertThat(again.differences()).isEmpty();
    assertThat(again.environment()).isEmpty();
    assertThat(again.exact()).isTrue();
    assertThat(again.explanation())
        .contains("iris:1 was reproduced exactly", "on all " + table.size() + " rows");
  }

  @Test
  void reproduction_withoutOneRow_namesFingerprintsAndRows() {
    register(Trainer.logisticRegression(), Map.of());
    Table shorter = table.select(IntStream.range(1, table.size()).toArray());

    Reproduction again = Reproduction.of(registry, FIRST, shorter);

    assertThat(again.exact()).isFalse();
    assertThat(again.data().recorded()).contains(table.fingerprint());
    assertThat(again.data().now()).contains(shorter.fingerprint());
    assertThat(again.differences()).isNotEmpty();
    assertThat(again.differences().get(0).largest()).isPositive();
    assertThat(again.explanation())
        .contains(
            "iris:1 was not reproduced",
            table.fingerprint(),
            again.differences().size() + " of " + shorter.size() + " rows differ");
  }

  @Test
  void reproduction_underAnotherLibrary_namesBothVersions() {
    register(Trainer.logisticRegression(), Map.of("library.tribuo-core", "4.2.0"));

    Reproduction again = Reproduction.of(registry, FIRST, table);

    assertThat(again.environment().get("library.tribuo-core"))
        .hasToString("recorded 4.2.0, now 4.3.2");
    assertThat(again.exact()).isTrue();
  }

  @Test
  void reproduction_onAnotherSchema_isRefused() {
    register(Trainer.logisticRegression(), Map.of());

    assertThatThrownBy(() -> Reproduction.of(registry, FIRST, TestTables.breastCancer()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("iris:1");
  }

  private void register(Trainer trainer, Map<String, String> otherLineage) {
    TrainedModel model =
        Recipe.builder().standardise().trainer(trainer).seed(3).build().train(table);
    registry.register(
        "iris",
        VersionDraft.builder()
            .schema(model.schema())
            .files(model.files())
            .lineage(Lineage.capture(Path.of("")))
            .lineage(model.lineage())
            .lineage(otherLineage)
            .build());
  }
}
