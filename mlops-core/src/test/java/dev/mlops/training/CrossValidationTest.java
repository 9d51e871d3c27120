package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Fold;
import dev.mlops.data.Folds;
import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.Evaluation;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
  private static final Table TABLE = TestTables.mixed(300, 5);
  private static final Folds FOLDS = Folds.stratified(4, 9);

  private static Recipe recipe() {
    return Recipe.builder()
        .impute()
        .standardise()
        .oneHot()
        .smote(3, 1)
        .trainer(Trainer.randomForest().trees(10))
        .seed(2)
        .build();
  }

  @Test
  void run_onOneThreadOrTwo_givesTheSameScoresOnEveryRow() {
    CrossValidation one = CrossValidation.run(recipe(), TABLE, FOLDS, Runnable::run);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      CrossValidation two = CrossValidation.run(recipe(), TABLE, FOLDS, executor);

      assertThat(two.heldBackScores()).isDeepEqualTo(one.heldBackScores());
      assertThat(two.means()).isEqualTo(one.means());
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void heldBackScores_areThoseOfTheModelThatDidNotSeeTheRow() {
    CrossValidation cv = CrossValidation.run(recipe(), TABLE, FOLDS, Runnable::run);

    Fold third = FOLDS.of(TABLE).get(2);
    var model = recipe().train(TABLE.select(third.train())).predictor();
    double[][] scores = cv.heldBackScores();
    for (int row : third.test()) {
      assertThat(scores[row]).containsExactly(model.predict(TABLE.row(row)));
    }
    assertThat(cv.folds()).hasSize(4);
    assertThat(cv.folds().get(2).metrics())
        .isEqualTo(Evaluation.of(model, TABLE.select(third.test())).metrics());
  }

  @Test
  void heldBackScores_ofRowsThatNoFoldTests_areEmpty() {
    Folds last = table -> List.of(
        new Fold(IntStream.range(0, 200).toArray(), IntStream.range(200, 300).toArray()));

    double[][] scores = recipe().crossValidate(TABLE, last).heldBackScores();

    assertThat(List.of(scores).subList(0, 200))
        .allSatisfy(row -> assertThat(row).isEmpty());
    assertThat(List.of(scores).subList(200, 300))
        .allSatisfy(row -> assertThat(row[0] + row[1]).isCloseTo(1, within(1e-12)));
  }

  @Test
  void means_andDeviation_areThoseOfTheFolds() {
    CrossValidation cv = CrossValidation.run(recipe(), TABLE, FOLDS, Runnable::run);
    double[] auc =
        cv.folds().stream().mapToDouble(fold -> fold.metric("roc_auc")).toArray();
    double mean = (auc[0] + auc[1] + auc[2] + auc[3]) / 4;
    double squares = Arrays.stream(auc).map(v -> (v - mean) * (v - mean)).sum();

    assertThat(cv.means().get("roc_auc")).isCloseTo(mean, within(1e-15));
    assertThat(cv.deviation("roc_auc")).isCloseTo(Math.sqrt(squares / 3), within(1e-15));
    assertThat(squares).isPositive();
  }

  @Test
  void run_ofAFoldThatCannotBeLearned_throwsItsOwnError() {
    int[] no = IntStream.range(0, TABLE.size()).filter(i -> i % 10 != 0).toArray();
    Folds oneClass = table -> List.of(new Fold(no, new int[] {0}));
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      assertThatThrownBy(() -> CrossValidation.run(recipe(), TABLE, oneClass, executor))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("at least two classes");
    } finally {
      executor.shutdownNow();
    }
  }
}
