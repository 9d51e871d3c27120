package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/*
 * SMOTE and SMOTE-NC: Chawla, Bowyer, Hall, Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling
 * Technique", JAIR 16 (2002) 321-357, sections 4.2 and 6.1, with the draws of imbalanced-learn:
 * one flat index over (row, neighbour) and one step per synthetic row, x + step * (neighbour - x).
 *
 * For categories (section 6.1) the squared distance grows by the squared median of the standard
 * deviations of the class's numbers for every category that differs, and a synthetic row takes the
 * most frequent category among its row's neighbours; of equally frequent ones a random one.
 */
final class SmoteSampler {
  private final List<double[]> rows;
  private final int[][] neighbours;
  private final boolean[] categorical;

  private SmoteSampler(List<double[]> rows, int[][] neighbours, boolean[] categorical) {
    this.rows = rows;
    this.neighbours = neighbours;
    this.categorical = categorical;
  }

  /** Prepares a sampler for the rows of one class. */
  static SmoteSampler of(List<double[]> rows, List<Feature> columns, int k, String classText) {
    if (rows.size() <= k) {
      throw new InvalidInputException(
          "SMOTE with k=%d needs more than %d rows of class '%s', got %d; lower k or use oversample()"
              .formatted(k, k, classText, rows.size()));
    }
    boolean[] categorical = new boolean[columns.size()];
    boolean mixed = false;
    for (int j = 0; j < categorical.length; j++) {
      categorical[j] = columns.get(j) instanceof Feature.Categorical;
      mixed |= categorical[j];
      for (double[] row : rows) {
        if (Double.isNaN(row[j])) {
          throw new InvalidInputException("SMOTE needs complete rows, column '"
              + columns.get(j).name()
              + "' has missing values; add impute() before it");
        }
      }
    }
    Neighbours.Distance distance = Neighbours::euclidean;
    if (mixed) {
      double step = medianDeviation(rows, categorical);
      distance = (a, b) -> mixedDistance(a, b, categorical, step * step);
    }
    return new SmoteSampler(rows, Neighbours.nearest(rows, k, distance), categorical);
  }

  private static double mixedDistance(
      double[] a, double[] b, boolean[] categorical, double mismatch) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      double difference = a[j] - b[j];
      sum += categorical[j] ? (difference == 0 ? 0 : mismatch) : difference * difference;
    }
    return sum;
  }

  static double medianDeviation(List<double[]> rows, boolean[] categorical) {
    List<Double> deviations = new ArrayList<>();
    for (int j = 0; j < categorical.length; j++) {
      if (!categorical[j]) {
        int column = j;
        double mean = rows.stream().mapToDouble(r -> r[column]).sum() / rows.size();
        double squares = rows.stream()
            .mapToDouble(r -> (r[column] - mean) * (r[column] - mean))
            .sum();
        deviations.add(Math.sqrt(squares / rows.size()));
      }
    }
    if (deviations.isEmpty()) {
      throw new InvalidInputException(
          "SMOTE-NC needs at least one numeric column, all are categorical; use oversample()");
    }
    double[] sorted =
        deviations.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Fitter.quantile(sorted, 0.5);
  }

  int[][] neighbours() {
    return neighbours;
  }

  /** Draws synthetic rows. */
  List<double[]> draw(int count, Random random) {
    int k = neighbours[0].length;
    int[] flat = new int[count];
    for (int i = 0; i < count; i++) {
      flat[i] = random.nextInt(rows.size() * k);
    }
    List<double[]> drawn = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      drawn.add(synthetic(flat[i], random.nextDouble(), random));
    }
    return drawn;
  }

  /** Makes one synthetic row of a flat index over (row, neighbour) and a step from 0 to 1. */
  double[] synthetic(int flatIndex, double step, Random random) {
    int k = neighbours[0].length;
    int base = flatIndex / k;
    double[] from = rows.get(base);
    double[] to = rows.get(neighbours[base][flatIndex % k]);
    double[] made = new double[from.length];
    for (int j = 0; j < made.length; j++) {
      made[j] = categorical[j] ? mode(base, j, random) : from[j] + step * (to[j] - from[j]);
    }
    return made;
  }

  private double mode(int base, int column, Random random) {
    int bestCount = 0;
    List<Double> best = new ArrayList<>();
    for (int candidate : neighbours[base]) {
      double value = rows.get(candidate)[column];
      int count = 0;
      for (int other : neighbours[base]) {
        count += rows.get(other)[column] == value ? 1 : 0;
      }
      if (count > bestCount) {
        bestCount = count;
        best.clear();
      }
      if (count == bestCount && !best.contains(value)) {
        best.add(value);
      }
    }
    return best.size() == 1 ? best.get(0) : best.get(random.nextInt(best.size()));
  }
}
