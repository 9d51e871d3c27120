package dev.mlops.evaluation;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.evaluation.ProbabilityMetrics.CalibrationBin;
import dev.mlops.evaluation.RankMetrics.PrecisionRecallPoint;
import dev.mlops.evaluation.RankMetrics.RocPoint;
import dev.mlops.model.Predictor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What a model said about rows whose answer is known, and how good that was. The scores are those
 * of the served model, bit for bit. Of two classes the second is the positive one; a row is called
 * the class with the highest score, the first of equal ones, unless {@link #at(double)} says from
 * which score on it is called positive. Immutable.
 *
 * <p>Metrics of two classes: {@code accuracy, balanced_accuracy, precision, recall, f1, mcc, kappa,
 * roc_auc, pr_auc}, and of probabilities {@code log_loss, brier, calibration_error}. Of more
 * classes: the same with precision, recall and F1 averaged over classes, {@code f1_weighted},
 * one-against-rest averages of the areas, and {@code roc_auc_ovo}, the average over pairs of
 * classes. Of quantities: {@code rmse, mae, r2}. A metric that is not defined on the rows, such as
 * an area with one class only, is {@code NaN}.
 */
public final class Evaluation {
  static final int CALIBRATION_BINS = 10;

  private final Schema schema;
  private final boolean probabilities;
  private final double[][] scores;
  private final double[] targets;

  /** From which score on a row is called positive; empty for the highest score. */
  private final OptionalDouble threshold;

  private final Map<String, Double> metrics;

  private Evaluation(
      Schema schema,
      boolean probabilities,
      double[][] scores,
      double[] targets,
      OptionalDouble threshold) {
    this.schema = schema;
    this.probabilities = probabilities;
    this.scores = scores;
    this.targets = targets;
    this.threshold = threshold;
    this.metrics = Collections.unmodifiableMap(Metrics.of(this));
  }

  /**
   * Asks a model about every row of a table.
   *
   * @param predictor the model; safe for use by several threads, as all predictors are
   * @param table rows of the model's schema
   * @return the evaluation
   * @throws InvalidInputException if the table has another schema, or a row cannot be scored
   */
  public static Evaluation of(Predictor predictor, Table table) {
    requireNonNull(predictor, "predictor");
    if (!predictor.schema().equals(table.schema())) {
      throw new InvalidInputException("the table must have the model's schema "
          + predictor.schema()
          + ", got "
          + table.schema());
    }
    double[][] scores = new double[table.size()][];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = predictor.predict(table.row(i));
    }
    return new Evaluation(
        table.schema(),
        predictor.givesProbabilities(),
        scores,
        table.targets(),
        OptionalDouble.empty());
  }

  /**
   * Evaluates scores that were computed elsewhere.
   *
   * @param schema what was predicted
   * @param probabilities whether the scores are probabilities
   * @param scores one array per row, as a {@link Predictor} gives them; copied
   * @param targets the class index or quantity of each row; copied
   * @return the evaluation
   */
  public static Evaluation ofScores(
      Schema schema, boolean probabilities, double[][] scores, double[] targets) {
    if (scores.length != targets.length || scores.length == 0) {
      throw new InvalidInputException(
          "scores and targets must have one length of at least 1, got %d and %d"
              .formatted(scores.length, targets.length));
    }
    double[][] copy = Arrays.stream(scores).map(double[]::clone).toArray(double[][]::new);
    for (double[] row : copy) {
      if (row.length != schema.outputs()) {
        throw new InvalidInputException(
            "a row must have " + schema.outputs() + " scores, got " + row.length);
      }
    }
    return new Evaluation(schema, probabilities, copy, targets.clone(), OptionalDouble.empty());
  }

  /**
   * Returns all metrics.
   *
   * @return values by name, sorted by name
   */
  public Map<String, Double> metrics() {
    return metrics;
  }

  /**
   * Returns one metric.
   *
   * @param name such as {@code roc_auc}
   * @return the value
   * @throws NotFoundException if there is no such metric for this kind of model
   */
  public double metric(String name) {
    Double value = metrics.get(name);
    if (value == null) {
      throw new NotFoundException("no metric '" + name + "'; there are " + metrics.keySet());
    }
    return value;
  }

  /**
   * Returns the signature of the model.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * Tells whether the scores are probabilities.
   *
   * @return true for probabilities
   */
  public boolean givesProbabilities() {
    return probabilities;
  }

  /**
   * Returns the number of rows.
   *
   * @return at least 1
   */
  public int size() {
    return targets.length;
  }

  /**
   * Returns what the model said.
   *
   * @return a copy: the scores of every row
   */
  public double[][] scores() {
    return Arrays.stream(scores).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Returns what was true.
   *
   * @return a copy: the class index or quantity of every row
   */
  public double[] targets() {
    return targets.clone();
  }

  List<String> classes() {
    if (schema.target() instanceof Target.Classes classes) {
      return classes.classes();
    }
    throw new InvalidInputException(
        "label '" + schema.target().name() + "' is a quantity, this measure needs classes");
  }

  boolean isBinary() {
    return schema.target() instanceof Target.Classes && schema.outputs() == 2;
  }

  private void requireBinary() {
    if (!isBinary()) {
      throw new InvalidInputException(
          "this measure needs two classes; use the one for a class by index");
    }
  }

  int[] truth() {
    return Arrays.stream(targets).mapToInt(t -> (int) t).toArray();
  }

  int[] called() {
    if (threshold.isPresent()) {
      return calledAt(threshold.getAsDouble());
    }
    int[] called = new int[scores.length];
    for (int i = 0; i < called.length; i++) {
      int best = 0;
      for (int c = 1; c < scores[i].length; c++) {
        if (scores[i][c] > scores[i][best]) {
          best = c;
        }
      }
      called[i] = best;
    }
    return called;
  }

  private int[] calledAt(double cut) {
    requireBinary();
    if (Double.isNaN(cut)) {
      throw new InvalidInputException("a threshold must be a number, got NaN");
    }
    return Arrays.stream(scores).mapToInt(row -> row[1] >= cut ? 1 : 0).toArray();
  }

  boolean[] positives(int c) {
    boolean[] positives = new boolean[targets.length];
    for (int i = 0; i < positives.length; i++) {
      positives[i] = (int) targets[i] == c;
    }
    return positives;
  }

  double[] scoresOf(int c) {
    return Arrays.stream(scores).mapToDouble(row -> row[c]).toArray();
  }

  double[][] rawScores() {
    return scores;
  }

  double[] rawTargets() {
    return targets;
  }

  /**
   * Counts how often each class was called each class.
   *
   * @return the matrix
   * @throws InvalidInputException if the model predicts a quantity
   */
  public ConfusionMatrix confusion() {
    return ConfusionMatrix.of(classes(), truth(), called());
  }

  /**
   * Counts as {@link #confusion()}, calling positive what scores at least a threshold.
   *
   * @param threshold of the positive class's score
   * @return the matrix
   * @throws InvalidInputException if there are not two classes, or the threshold is {@code NaN}
   */
  public ConfusionMatrix confusionAt(double threshold) {
    return ConfusionMatrix.of(classes(), truth(), calledAt(threshold));
  }

  /**
   * Draws the receiver operating characteristic of the positive class.
   *
   * @return the points, from the highest threshold down
   * @throws InvalidInputException if there are not two classes
   */
  public List<RocPoint> roc() {
    requireBinary();
    return RankMetrics.roc(positives(1), scoresOf(1));
  }

  /**
   * Draws the precision-recall curve of the positive class.
   *
   * @return the points, from the highest threshold down
   * @throws InvalidInputException if there are not two classes
   */
  public List<PrecisionRecallPoint> precisionRecall() {
    requireBinary();
    return RankMetrics.precisionRecall(positives(1), scoresOf(1));
  }

  /**
   * Compares the positive class's probabilities with what happened, in ten bins of equal width.
   *
   * @return the bins that hold rows
   * @throws InvalidInputException if there are not two classes or the scores are no probabilities
   */
  public List<CalibrationBin> reliability() {
    requireBinary();
    if (!probabilities) {
      throw new InvalidInputException("the model gives no probabilities; calibrate it first");
    }
    return ProbabilityMetrics.reliability(positives(1), scoresOf(1), CALIBRATION_BINS);
  }

  /**
   * Evaluates the same scores when rows are called positive from a threshold on. What depends on
   * it, such as precision, follows it, also in intervals, groups and reports; areas do not.
   *
   * @param threshold of the positive class's score, see {@link Threshold}
   * @return the evaluation
   * @throws InvalidInputException if there are not two classes, or the threshold is {@code NaN}
   */
  public Evaluation at(double threshold) {
    requireBinary();
    return new Evaluation(schema, probabilities, scores, targets, OptionalDouble.of(threshold));
  }

  /**
   * Picks rows.
   *
   * @param rows positions, from 0; a row may be picked twice
   * @return the evaluation of these rows
   */
  public Evaluation select(int... rows) {
    if (rows.length == 0) {
      throw new InvalidInputException("an evaluation needs at least one row, got none");
    }
    return new Evaluation(
        schema,
        probabilities,
        Arrays.stream(rows).mapToObj(i -> scores[i]).toArray(double[][]::new),
        Arrays.stream(rows).mapToDouble(i -> targets[i]).toArray(),
        threshold);
  }

  /**
   * Evaluates groups of rows apart.
   *
   * @param groups the group of every row, such as {@code table.texts("region")}
   * @return one evaluation per group, sorted by group
   */
  public Map<String, Evaluation> by(String[] groups) {
    if (groups.length != targets.length) {
      throw new InvalidInputException(
          "groups must have one value per row, " + targets.length + ", got " + groups.length);
    }
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    Map<String, Boolean> names = new TreeMap<>();
    for (String group : groups) {
      names.put(group, true);
    }
    for (String name : names.keySet()) {
      evaluations.put(
          name,
          select(IntStream.range(0, groups.length)
              .filter(i -> groups[i].equals(name))
              .toArray()));
    }
    return Collections.unmodifiableMap(evaluations);
  }

  @Override
  public String toString() {
    return size() + " rows " + metrics;
  }
}
