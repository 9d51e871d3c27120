package dev.mlops.training.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Table;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.TrainedModel;
import dev.mlops.training.Trainer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TribuoFormatTest {

  static Stream<Trainer> classTrainers() {
    return Stream.of(
        Trainer.randomForest().trees(5),
        Trainer.extraTrees().trees(5),
        Trainer.decisionTree(),
        Trainer.adaBoost().trees(5),
        Trainer.logisticRegression().epochs(3),
        Trainer.rbfSvm(),
        Trainer.gradientBoostedTrees().trees(5));
  }

  static Stream<Trainer> quantityTrainers() {
    return Stream.of(
        Trainer.randomForest().trees(5),
        Trainer.extraTrees().trees(5),
        Trainer.decisionTree(),
        Trainer.linearRegression().epochs(3),
        Trainer.rbfSvm(),
        Trainer.gradientBoostedTrees().trees(5));
  }

  @ParameterizedTest
  @MethodSource("classTrainers")
  void read_ofEveryClassTrainer_givesBitIdenticalScores(Trainer trainer) {
    Table table = TestTables.mixed(300, 1);

    assertRoundTrip(table, trainer);
  }

  @ParameterizedTest
  @MethodSource("quantityTrainers")
  void read_ofEveryQuantityTrainer_givesBitIdenticalScores(Trainer trainer) {
    assertRoundTrip(TestTables.diabetes().split(0.5, 1).train(), trainer);
  }

  private static void assertRoundTrip(Table table, Trainer trainer) {
    TrainedModel model = Recipe.builder()
        .impute()
        .standardise()
        .oneHot()
        .trainer(trainer)
        .seed(7)
        .build()
        .train(table);

    ModelFile file = TestTables.tribuoFile(model);
    Predictor read = new TribuoFormat().read(file.content(), model.schema());

    assertThat(GoldenRows.record(model.predictor(), table.rows()).firstDifference(read, 0))
        .isEmpty();
    assertThat(read.givesProbabilities()).isEqualTo(model.predictor().givesProbabilities());
  }
}
