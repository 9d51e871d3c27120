package dev.mlops.registry.card.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Points of the usual curves, thinned so that a page stays small. */
final class Curves {
  private static final int MAX_POINTS = 200;
  private static final int BINS = 10;

  private Curves() {}

  /** (false positive rate, true positive rate) at each distinct score, from (0,0) to (1,1). */
  static List<double[]> roc(double[] labels, double[] scores) {
    double positives = Arrays.stream(labels).sum();
    double negatives = labels.length - positives;
    var points = new ArrayList<double[]>();
    points.add(new double[] {0, 0});
    walk(
        labels,
        scores,
        (hits, alarms) -> points.add(new double[] {alarms / negatives, hits / positives}));
    return positives == 0 || negatives == 0 ? List.of() : thin(points);
  }

  /** (recall, precision) at each distinct score, by rising recall. */
  static List<double[]> precisionRecall(double[] labels, double[] scores) {
    double positives = Arrays.stream(labels).sum();
    var points = new ArrayList<double[]>();
    walk(
        labels,
        scores,
        (hits, alarms) -> points.add(new double[] {hits / positives, hits / (hits + alarms)}));
    if (positives == 0) {
      return List.of();
    }
    points.add(0, new double[] {0, points.get(0)[1]});
    return thin(points);
  }

  /** (mean score, share of positives, rows) of ten bins of equal width. */
  static List<double[]> calibration(double[] labels, double[] scores) {
    double[][] bins = new double[BINS][3];
    for (int i = 0; i < labels.length; i++) {
      double[] bin = bins[Math.min(BINS - 1, (int) (scores[i] * BINS))];
      bin[0] += scores[i];
      bin[1] += labels[i];
      bin[2]++;
    }
    return Arrays.stream(bins)
        .filter(bin -> bin[2] > 0)
        .map(bin -> new double[] {bin[0] / bin[2], bin[1] / bin[2], bin[2]})
        .toList();
  }

  private interface Step {
    void at(double hits, double alarms);
  }

  private static void walk(double[] labels, double[] scores, Step step) {
    Integer[] order = new Integer[labels.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
    double hits = 0;
    double alarms = 0;
    for (int i = 0; i < order.length; i++) {
      hits += labels[order[i]];
      alarms += 1 - labels[order[i]];
      if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
        step.at(hits, alarms);
      }
    }
  }

  private static List<double[]> thin(List<double[]> points) {
    if (points.size() <= MAX_POINTS) {
      return List.copyOf(points);
    }
    var kept = new ArrayList<double[]>();
    for (int i = 0; i < MAX_POINTS; i++) {
      kept.add(points.get((int) ((long) i * (points.size() - 1) / (MAX_POINTS - 1))));
    }
    return List.copyOf(kept);
  }
}
