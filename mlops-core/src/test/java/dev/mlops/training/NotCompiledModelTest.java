package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.VersionDraft;
import dev.mlops.serving.LiveModel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model that could not be compiled says why for as long as it is served. */
class NotCompiledModelTest {

  @Test
  void health_ofAModelWithoutCompiledForm_saysWhatTrainingFound() {
    Table known = TestTables.mixed(60, 3);
    var classes = new Target.Classes("fraud", List.of("no", "yes", "never seen"));
    Table table =
        Table.of(new Schema(known.schema().features(), classes), known.rows(), known.targets());
    TrainedModel trained = Recipe.builder()
        .impute()
        .oneHot()
        .trainer(Trainer.logisticRegression())
        .build()
        .train(table);
    assertThat(trained.files())
        .extracting(ModelFile::name)
        .containsExactly("model.tribuo", "recipe.json", "golden-rows", "not-compiled.txt");
    var registry = ModelRegistry.inMemory();
    registry.register(
        "fraud",
        VersionDraft.builder().schema(trained.schema()).files(trained.files()).build());

    try (LiveModel model = LiveModel.open(registry, ModelRef.parse("fraud:1"))) {
      assertThat(model.health().description())
          .contains("(not compiled: ")
          .contains("the model knows 2 classes, the schema 3");
    }
  }
}
