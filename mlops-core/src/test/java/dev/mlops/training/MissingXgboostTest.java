package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Table;
import dev.mlops.evaluation.Evaluation;
import org.junit.jupiter.api.Test;

/** XGBoost and LIBLINEAR are optional dependencies: here they are not on the class path. */
class MissingXgboostTest {

  /** Tries every trainer. */
  static final class Child {
    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
      Table classes = TestTables.iris();
      for (Trainer trainer : new Trainer[] {
        Trainer.randomForest().trees(3), Trainer.logisticRegression(), Trainer.rbfSvm()
      }) {
        TrainedModel model = Recipe.builder().trainer(trainer).build().train(classes);
        var read = new dev.mlops.training.tribuo.TribuoFormat()
            .read(TestTables.tribuoFile(model).content(), model.schema());
        System.out.println("trained " + trainer.getClass().getSimpleName() + " "
            + (Evaluation.of(model.predictor(), classes).metric("accuracy") > 0.8)
            + " " + (read.predict(classes.row(0)).length == 3));
      }
      for (Table table : new Table[] {classes, TestTables.diabetes()}) {
        try {
          Recipe.builder().trainer(Trainer.gradientBoostedTrees()).build().train(table);
          System.out.println("trained without XGBoost");
        } catch (RuntimeException e) {
          System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
      }
    }
  }

  @Test
  void train_withoutTheOptionalJar_namesItAndLeavesOtherTrainersAlone() throws Exception {
    String printed = ChildJvm.run(
        entry -> entry.contains("xgboost") || entry.contains("liblinear"), Child.class);

    assertThat(printed.lines().filter(line -> !line.startsWith("[main]")))
        .containsExactly(
            "trained RandomForest true true",
            "trained LogisticRegression true true",
            "trained RbfSvm true true",
            "UnavailableException: GradientBoostedTrees needs the optional dependency"
                + " org.tribuo:tribuo-classification-xgboost:4.3.2, which is not on the class path",
            "UnavailableException: GradientBoostedTrees needs the optional dependency"
                + " org.tribuo:tribuo-regression-xgboost:4.3.2, which is not on the class path");
  }
}
