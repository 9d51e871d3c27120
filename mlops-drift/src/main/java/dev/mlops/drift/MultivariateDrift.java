package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.PrincipalComponents;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;

/**
 * Drift that no single feature shows: relations between features that changed.
 *
 * <p>All methods are pure; safe for use by several threads if the trainer is.
 */
public final class MultivariateDrift {
  private MultivariateDrift() {}

  /** Trains a classifier that tells two samples apart. One method, so any library fits. */
  @FunctionalInterface
  public interface DomainClassifier {
    /**
     * Trains on labelled rows and scores other rows.
     *
     * @param rows training rows
     * @param labels 0 for reference, 1 for live
     * @param unseen rows to score
     * @return one score per unseen row, higher for live
     */
    double[] trainAndScore(double[][] rows, int[] labels, double[][] unseen);
  }

  /**
   * The outcome of the domain classifier.
   *
   * @param rocAuc cross-validated area under the ROC curve; 0.5 if the samples cannot be told apart
   * @param pValue share of label permutations, the observed one included, with at least this area
   */
  public record ClassifierResult(double rocAuc, double pValue) {}

  /**
   * Tests whether a classifier can tell live from reference rows: cross-validated AUC with a p from
   * permuting the labels, which is valid for any classifier. Trains {@code folds · (permutations +
   * 1)} times.
   *
   * @param reference reference rows, finite
   * @param live live rows, finite, of the same width
   * @param trainer the classifier
   * @param folds cross-validation folds, at least 2
   * @param permutations how many permutations, at least 19; p is at least 1/(permutations + 1)
   * @param random draws folds and permutations
   * @return area and p
   * @throws DriftException if rows are too few, ragged or not finite
   */
  public static ClassifierResult domainClassifier(
      double[][] reference,
      double[][] live,
      DomainClassifier trainer,
      int folds,
      int permutations,
      RandomGenerator random) {
    requireNonNull(trainer, "trainer");
    int width = width(reference, "reference", folds);
    if (width(live, "live", folds) != width) {
      throw DriftException.notComparable(
          "rows must be equally wide, got " + width + " and " + live[0].length);
    }
    if (folds < 2 || permutations < 19) {
      throw DriftException.invalidInput(
          "expected at least 2 folds and 19 permutations, got " + folds + " and " + permutations);
    }
    double[][] rows = new double[reference.length + live.length][];
    System.arraycopy(reference, 0, rows, 0, reference.length);
    System.arraycopy(live, 0, rows, reference.length, live.length);
    int[] labels = new int[rows.length];
    Arrays.fill(labels, reference.length, rows.length, 1);
    int[] fold = new int[rows.length];
    Arrays.setAll(fold, i -> i % folds);
    shuffle(fold, random);
    double observed = crossValidated(rows, labels, fold, folds, trainer);
    int asLarge = 1;
    for (int p = 0; p < permutations; p++) {
      shuffle(labels, random);
      asLarge += crossValidated(rows, labels, fold, folds, trainer) >= observed ? 1 : 0;
    }
    return new ClassifierResult(observed, (double) asLarge / (permutations + 1));
  }

  private static double crossValidated(
      double[][] rows, int[] labels, int[] fold, int folds, DomainClassifier trainer) {
    double sum = 0;
    int used = 0;
    for (int f = 0; f < folds; f++) {
      int current = f;
      int[] in = indices(fold, i -> i != current);
      int[] out = indices(fold, i -> i == current);
      double[] scores = trainer.trainAndScore(
          Arrays.stream(in).mapToObj(i -> rows[i]).toArray(double[][]::new),
          Arrays.stream(in).map(i -> labels[i]).toArray(),
          Arrays.stream(out).mapToObj(i -> rows[i]).toArray(double[][]::new));
      int[] truth = Arrays.stream(out).map(i -> labels[i]).toArray();
      int positives = Arrays.stream(truth).sum();
      if (positives > 0 && positives < truth.length) {
        sum +=
            PerformanceEstimator.realised(truth, new int[truth.length], scores).rocAuc();
        used++;
      }
    }
    return used == 0 ? 0.5 : sum / used;
  }

  private static int[] indices(int[] fold, java.util.function.IntPredicate wanted) {
    int[] all = new int[fold.length];
    int n = 0;
    for (int i = 0; i < fold.length; i++) {
      if (wanted.test(fold[i])) {
        all[n++] = i;
      }
    }
    return Arrays.copyOf(all, n);
  }

  private static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }

  /**
   * The outcome of the reconstruction test.
   *
   * @param referenceError mean reconstruction error on reference rows the components did not see
   * @param liveError mean reconstruction error on live rows
   * @param pValue two-sided p of the rank test between the two sets of errors
   * @param components how many principal components were kept
   */
  public record ReconstructionResult(
      double referenceError, double liveError, double pValue, int components) {}

  /**
   * Compares how well principal components of the reference reconstruct live rows. Columns are
   * standardised by the reference; components are fitted on every second reference row and the
   * errors of the other half are the yardstick, so that nothing is compared with its own fit.
   *
   * @param reference reference rows, finite, at least 20
   * @param live live rows, finite, of the same width, at least 8
   * @param explainedVariance share of variance the components keep, above 0 and below 1, such as
   *     0.65
   * @return errors and p
   * @throws DriftException if rows are too few, ragged or not finite
   */
  public static ReconstructionResult reconstruction(
      double[][] reference, double[][] live, double explainedVariance) {
    int width = width(reference, "reference", 20);
    if (width(live, "live", 8) != width) {
      throw DriftException.notComparable(
          "rows must be equally wide, got " + width + " and " + live[0].length);
    }
    if (!(explainedVariance > 0 && explainedVariance < 1)) {
      throw DriftException.invalidInput(
          "explainedVariance must be above 0 and below 1, got " + explainedVariance);
    }
    double[][] fit = new double[(reference.length + 1) / 2][];
    double[][] held = new double[reference.length / 2][];
    for (int i = 0; i < reference.length; i++) {
      (i % 2 == 0 ? fit : held)[i / 2] = reference[i];
    }
    PrincipalComponents components = PrincipalComponents.fit(fit, explainedVariance);
    double[] before = components.errors(held);
    double[] now = components.errors(live);
    return new ReconstructionResult(
        Arrays.stream(before).average().orElse(0),
        Arrays.stream(now).average().orElse(0),
        DriftTests.mannWhitney(before, now).pValue(),
        components.count());
  }

  private static int width(double[][] rows, String name, int least) {
    if (requireNonNull(rows, name).length < least) {
      throw DriftException.invalidInput(
          name + " needs at least " + least + " rows, got " + rows.length);
    }
    int width = rows[0].length;
    for (double[] row : rows) {
      if (row.length != width || !Arrays.stream(row).allMatch(Double::isFinite)) {
        throw DriftException.invalidInput("rows of " + name + " must be finite and " + width
            + " wide, got " + Arrays.toString(row));
      }
    }
    return width;
  }

  /**
   * A built-in classifier without dependencies: each row is scored by the share of live rows among
   * its nearest training rows in standardised distance. Quadratic in the rows; meant for a few
   * thousand.
   *
   * @param neighbours how many, at least 1
   * @return the classifier
   */
  public static DomainClassifier nearestNeighbours(int neighbours) {
    if (neighbours < 1) {
      throw DriftException.invalidInput("neighbours must be at least 1, got " + neighbours);
    }
    return (rows, labels, unseen) -> {
      PrincipalComponents.Scale scale = PrincipalComponents.Scale.of(rows);
      double[][] known = scale.apply(rows);
      double[][] asked = scale.apply(unseen);
      double[] scores = new double[asked.length];
      double[] distance = new double[known.length];
      for (int i = 0; i < asked.length; i++) {
        Integer[] order = new Integer[known.length];
        for (int k = 0; k < known.length; k++) {
          order[k] = k;
          double sum = 0;
          for (int c = 0; c < known[k].length; c++) {
            double d = known[k][c] - asked[i][c];
            sum += d * d;
          }
          distance[k] = sum;
        }
        Arrays.sort(order, Comparator.comparingDouble(k -> distance[k]));
        int near = Math.min(neighbours, order.length);
        for (int k = 0; k < near; k++) {
          scores[i] += (double) labels[order[k]] / near;
        }
      }
      return scores;
    };
  }
}
