package dev.mlops.training;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Fold;
import dev.mlops.data.Folds;
import dev.mlops.data.Table;
import dev.mlops.error.MlopsException;
import dev.mlops.evaluation.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * What cross-validation said about a recipe: one evaluation per fold, each of a model that was
 * fitted, transforms and samplers included, on the fold's training rows only. Immutable.
 */
public final class CrossValidation {
  private final List<Evaluation> folds;
  private final double[][] scores;

  private CrossValidation(List<Evaluation> folds, double[][] scores) {
    this.folds = List.copyOf(folds);
    this.scores = scores;
  }

  /**
   * Runs the folds. The result does not depend on the executor.
   *
   * @param recipe what to judge
   * @param table the rows
   * @param folds how to divide them
   * @param executor runs one task per fold; {@code Runnable::run} for the calling thread
   * @return the result
   * @throws MlopsException what the training of a fold throws
   */
  public static CrossValidation run(Recipe recipe, Table table, Folds folds, Executor executor) {
    requireNonNull(recipe, "recipe");
    requireNonNull(executor, "executor");
    List<Fold> divided = requireNonNull(folds, "folds").of(requireNonNull(table, "table"));
    double[][] scores = new double[table.size()][];
    List<CompletableFuture<Evaluation>> running = new ArrayList<>();
    for (Fold fold : divided) {
      running.add(
          CompletableFuture.supplyAsync(() -> judge(recipe, table, fold, scores), executor));
    }
    try {
      return new CrossValidation(running.stream().map(CompletableFuture::join).toList(), scores);
    } catch (CompletionException e) {
      running.forEach(future -> future.cancel(false));
      if (e.getCause() instanceof MlopsException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Evaluation judge(Recipe recipe, Table table, Fold fold, double[][] scores) {
    var predictor = recipe.train(table.select(fold.train())).predictor();
    int[] test = fold.test();
    Table heldBack = table.select(test);
    Evaluation evaluation = Evaluation.of(predictor, heldBack);
    double[][] judged = evaluation.scores();
    for (int i = 0; i < test.length; i++) {
      scores[test[i]] = judged[i]; // every row is written by one fold at most
    }
    return evaluation;
  }

  /**
   * Returns the evaluations.
   *
   * @return one per fold, in the order of the folds
   */
  public List<Evaluation> folds() {
    return folds;
  }

  /**
   * Returns the mean of every metric over the folds.
   *
   * @return values by metric name
   */
  public Map<String, Double> means() {
    Map<String, Double> means = new TreeMap<>();
    for (String metric : folds.get(0).metrics().keySet()) {
      means.put(metric, Arrays.stream(values(metric)).average().orElse(Double.NaN));
    }
    return means;
  }

  /**
   * Returns one metric's standard deviation over the folds, with n - 1 below the fraction.
   *
   * @param metric the metric's name
   * @return the deviation; {@code NaN} with one fold
   */
  public double deviation(String metric) {
    double[] values = values(metric);
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1.0));
  }

  private double[] values(String metric) {
    return folds.stream().mapToDouble(fold -> fold.metric(metric)).toArray();
  }

  /**
   * Returns the scores of the rows by the model that did not see them.
   *
   * @return one array per row of the table; empty for rows that no fold tests
   */
  public double[][] heldBackScores() {
    double[][] copy = new double[scores.length][];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = scores[i] == null ? new double[0] : scores[i].clone();
    }
    return copy;
  }
}
