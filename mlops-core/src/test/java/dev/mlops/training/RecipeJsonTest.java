package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeJsonTest {
  private static final List<Trainer> TRAINERS = List.of(
      Trainer.randomForest().trees(7).maxDepth(3).minLeafRows(2.5).featureShare(0.5),
      Trainer.extraTrees().trees(7),
      Trainer.decisionTree().maxDepth(3).minLeafRows(2),
      Trainer.adaBoost().trees(7).maxDepth(2),
      Trainer.logisticRegression().epochs(3).optimiser(Trainer.Optimiser.SGD),
      Trainer.linearRegression().learningRate(0.3),
      Trainer.rbfSvm().cost(3).gamma(0.1),
      Trainer.gradientBoostedTrees().rowShare(0.5).featureShare(0.7));

  private static Recipe.Builder everything() {
    return Recipe.builder()
        .indicateMissing("a")
        .impute()
        .impute(Transform.Fill.MEAN, "a", "b")
        .imputeConstant(-1.5, "c")
        .imputeText("none")
        .standardise("a")
        .minMaxScale()
        .robustScale()
        .quantileBins(4, "a")
        .oneHot("c")
        .ordinal()
        .smote(5, 1)
        .smoteNc(3, 2)
        .oversample(3)
        .undersample(4)
        .classWeights(Map.of("no", 0.5, "yes", 2.0))
        .calibrate(Calibration.isotonic())
        .seed(Long.MIN_VALUE);
  }

  @Test
  void fromJson_ofEveryStepAndTrainer_givesTheSameRecipe() {
    for (Trainer trainer : TRAINERS) {
      Recipe recipe = everything().trainer(trainer).build();

      assertThat(Recipe.fromJson(recipe.toJson())).isEqualTo(recipe);
    }
  }

  @Test
  void fromJson_withSettingsLeftOut_takesDefaults() {
    Recipe recipe = Recipe.fromJson(
        "{\"formatVersion\":1,\"seed\":3,\"steps\":[],\"trainer\":{\"type\":\"randomForest\"},\"note\":\"x\"}");

    assertThat(recipe)
        .isEqualTo(Recipe.builder().seed(3).trainer(Trainer.randomForest()).build());
  }

  /** Found by fuzzing: folds of a calibration that does nothing were lost. */
  @Test
  void fromJson_ofCalibrationNone_isEqualToNoCalibration() {
    Recipe recipe = Recipe.fromJson(
        "{\"formatVersion\":1,\"seed\":3,\"steps\":[],\"calibration\":{\"method\":\"none\",\"folds\":7},\"trainer\":{\"type\":\"rbfSvm\"}}");

    assertThat(Recipe.fromJson(recipe.toJson())).isEqualTo(recipe);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          '[]'                                                     | $: expected an object
          '{'                                                      | expected JSON
          '{"formatVersion":2}'                                    | $.formatVersion: expected format version 1, got 2
          '{"formatVersion":1,"seed":1.5}'                         | $.seed: expected a whole number, got 1.5
          '{"formatVersion":1,"seed":1,"steps":{}}'                | $.steps: expected a list
          '{"formatVersion":1,"seed":1,"steps":[{"step":"pca"}]}'  | $.steps[0].step: expected a step
          '{"formatVersion":1,"seed":1,"steps":[{"step":"smote"}]}' | $.steps[0].k: expected a whole number, got nothing
          '{"formatVersion":1,"seed":1,"steps":[]}'                | $.trainer.type: expected a text, got nothing
          '{"formatVersion":1,"seed":1,"steps":[],"trainer":{"type":"logisticRegression","optimiser":"adam"}}' | ADAM is refused
          '{"formatVersion":1,"seed":1,"steps":[],"trainer":{"type":"adaBoost","minChildWeight":5}}' | model would be constant
          '{"formatVersion":1,"formatVersion":1}'                  | Duplicate field
          """)
  void fromJson_ofWrongText_namesThePlace(String json, String message) {
    assertThatThrownBy(() -> Recipe.fromJson(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void schema_published_listsEveryStepAndTrainerThatIsWritten() throws Exception {
    var schema =
        new ObjectMapper().readTree(Recipe.class.getResourceAsStream("recipe-1.schema.json"));
    Recipe recipe = everything().trainer(Trainer.randomForest()).build();
    var written = new ObjectMapper().readTree(recipe.toJson());
    assertThat(schema.get("properties").fieldNames())
        .toIterable()
        .containsAll(written::fieldNames)
        .hasSize(written.size());
    for (var step : written.get("steps")) {
      assertThat(schema.at("/$defs/step/properties").fieldNames())
          .toIterable()
          .as(step.toString())
          .containsAll(step::fieldNames);
    }
    for (Trainer trainer : TRAINERS) {
      var settings = new ObjectMapper()
          .readTree(everything().trainer(trainer).build().toJson())
          .get("trainer");
      assertThat(schema.at("/$defs/trainer/properties").fieldNames())
          .toIterable()
          .as(settings.toString())
          .containsAll(settings::fieldNames);
    }

    var names = new java.util.TreeSet<String>();
    schema.at("/$defs/step/properties/step/enum").forEach(n -> names.add(n.asText()));
    var used = new java.util.TreeSet<String>();
    written.get("steps").forEach(step -> used.add(step.get("step").asText()));
    assertThat(names).isEqualTo(used);
    assertThat(schema.get("required")).hasSize(4);
    var types = new java.util.TreeSet<String>();
    schema.at("/$defs/trainer/properties/type/enum").forEach(n -> types.add(n.asText()));
    assertThat(types)
        .containsExactlyInAnyOrder(
            "randomForest",
            "extraTrees",
            "decisionTree",
            "adaBoost",
            "logisticRegression",
            "linearRegression",
            "rbfSvm",
            "gradientBoostedTrees");
  }
}
