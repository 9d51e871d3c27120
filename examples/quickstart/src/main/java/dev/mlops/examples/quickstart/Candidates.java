package dev.mlops.examples.quickstart;

import dev.mlops.data.Folds;
import dev.mlops.data.Table;
import dev.mlops.training.CrossValidation;
import dev.mlops.training.Recipe;
import dev.mlops.training.Trainer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tries the usual kinds of model with cross-validation on the training rows. */
final class Candidates {
  private static final int FOLDS = 5;
  private static final int RBF_SVM_MAX_ROWS = 5_000;

  private Candidates() {}

  /**
   * One recipe and how it did on rows it had not seen.
   *
   * @param name the kind of model
   * @param recipe how to train it
   * @param rocAuc mean area under the ROC curve over the folds
   * @param deviation its standard deviation over the folds
   */
  record Candidate(String name, Recipe recipe, double rocAuc, double deviation) {}

  /** Cross-validates every kind; best first. */
  static List<Candidate> compare(Table train, long seed, Console console) {
    Map<String, Trainer> trainers = new LinkedHashMap<>();
    trainers.put("logistic regression", Trainer.logisticRegression());
    trainers.put("random forest", Trainer.randomForest());
    trainers.put("gradient-boosted trees", Trainer.gradientBoostedTrees());
    if (train.size() <= RBF_SVM_MAX_ROWS) {
      trainers.put("SVM with RBF kernel", Trainer.rbfSvm());
    } else {
      console.more(
          "SVM with RBF kernel left out: %d rows are more than %d", train.size(), RBF_SVM_MAX_ROWS);
    }
    List<Candidate> candidates = new ArrayList<>();
    trainers.forEach((name, trainer) -> {
      Recipe recipe = Recipe.builder()
          .impute()
          .standardise()
          .oneHot()
          .smote(5, seed)
          .trainer(trainer)
          .seed(seed)
          .build();
      long start = System.nanoTime();
      CrossValidation folds = recipe.crossValidate(train, Folds.stratified(FOLDS, seed));
      double seconds = (System.nanoTime() - start) / 1e9;
      Candidate candidate = new Candidate(
          name,
          recipe,
          folds.means().getOrDefault("roc_auc", Double.NaN),
          folds.deviation("roc_auc"));
      candidates.add(candidate);
      console.more(
          "%-24s ROC AUC %.4f ± %.4f  (%.1f s)",
          name, candidate.rocAuc(), candidate.deviation(), seconds);
    });
    candidates.sort(Comparator.comparingDouble(Candidate::rocAuc).reversed());
    return candidates;
  }
}
