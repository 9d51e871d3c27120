package dev.mlops.examples.quickstart;

import dev.mlops.data.Csv;
import dev.mlops.data.Split;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import dev.mlops.serving.LiveModel;
import dev.mlops.store.ObjectStore;
import dev.mlops.training.Recipe;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.nio.file.Path;

/** The program in the README; a test compares the two. */
final class ReadmeExample {

  private ReadmeExample() {}

  static void run(Path csv, String label, Path directory) {
    // README begin
    Split data = Csv.read(csv, label).split(0.8, 42);
    TrainedModel model = Recipe.builder()
        .impute()
        .standardise()
        .oneHot()
        .smote(5, 42)
        .trainer(Trainer.randomForest())
        .seed(42)
        .build()
        .train(data.train());
    Evaluation evaluation = Evaluation.of(model.predictor(), data.test());
    ModelRegistry registry =
        ModelRegistry.builder(ObjectStore.directory(directory)).actor("ada").build();
    ModelVersion version = registry.register(
        "fraud",
        VersionDraft.builder()
            .schema(model.schema())
            .files(model.files())
            .metrics(evaluation.metrics())
            .build());
    System.out.println(registry.promote(
        version,
        "champion",
        Gate.atLeast("roc_auc", 0.85).and(Gate.notWorseThanChampion("roc_auc", 0.01))));
    try (LiveModel live = LiveModel.open(registry, ModelRef.parse("fraud@champion"))) {
      System.out.println(live.predict(data.test().row(0)).label());
    }
    // README end
  }
}
