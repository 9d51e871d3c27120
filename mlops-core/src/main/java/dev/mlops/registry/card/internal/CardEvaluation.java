package dev.mlops.registry.card.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.DeLong;
import dev.mlops.evaluation.Interval;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.GroupLine;
import dev.mlops.registry.card.MetricLine;
import dev.mlops.registry.compare.PairedBootstrap;
import dev.mlops.registry.compare.ScoreMetric;
import dev.mlops.registry.compare.TestScores;
import dev.mlops.registry.compare.internal.ScoreMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Everything a card shows about test scores. Immutable.
 *
 * @param rows how many test rows there are
 * @param positives how many of them are positive
 * @param metrics the metrics with 95 % intervals
 * @param roc points (false positive rate, true positive rate)
 * @param precisionRecall points (recall, precision)
 * @param calibration points (mean score, share of positives, rows), one per bin that has rows
 * @param cells true negative, false positive, false negative, true positive
 * @param groupColumn what the groups are
 * @param groups metrics by group
 */
public record CardEvaluation(
    int rows,
    int positives,
    List<MetricLine> metrics,
    List<double[]> roc,
    List<double[]> precisionRecall,
    List<double[]> calibration,
    List<Long> cells,
    String groupColumn,
    List<GroupLine> groups) {
  private static final double CONFIDENCE = 0.95;
  private static final int RESAMPLES = 1000;
  private static final long SEED = 42;
  private static final List<String> BOOTSTRAPPED =
      List.of("pr_auc", "log_loss", "brier", "accuracy", "precision", "recall", "f1");
  private static final List<String> BY_GROUP =
      List.of("roc_auc", "accuracy", "precision", "recall", "brier");

  public static CardEvaluation of(TestScores scores, String groupColumn, List<String> groups) {
    double[] labels = scores.labels();
    double[] p = scores.scores();
    int positives = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1 || !(p[i] >= 0 && p[i] <= 1)) {
        throw new InvalidInputException("test row " + i + " has label " + labels[i] + " and score "
            + p[i] + "; a card needs labels 0 and 1 and probabilities");
      }
      positives += labels[i] == 1 ? 1 : 0;
    }
    if (!groups.isEmpty() && groups.size() != labels.length) {
      throw new InvalidInputException(
          "there are " + labels.length + " test rows and groups for " + groups.size());
    }
    var confusion = ScoreMetrics.confusion(labels, p);
    return new CardEvaluation(
        labels.length,
        positives,
        metrics(labels, p),
        Curves.roc(labels, p),
        Curves.precisionRecall(labels, p),
        Curves.calibration(labels, p),
        List.of(
            (long) confusion.trueNegative(),
            (long) confusion.falsePositive(),
            (long) confusion.falseNegative(),
            (long) confusion.truePositive()),
        groupColumn,
        byGroup(labels, p, groups));
  }

  private static List<MetricLine> metrics(double[] labels, double[] scores) {
    var lines = new ArrayList<MetricLine>();
    try {
      DeLong.Area area = DeLong.area(ScoreMetrics.positive(labels), scores);
      Interval interval = area.interval();
      lines.add(new MetricLine("roc_auc", area.auc(), interval.low(), interval.high(), "DeLong"));
    } catch (InvalidInputException e) {
      lines.add(plain("roc_auc", labels, scores));
    }
    PairedBootstrap bootstrap = PairedBootstrap.of(RESAMPLES, SEED);
    for (String name : BOOTSTRAPPED) {
      try {
        PairedBootstrap.Estimate estimate =
            bootstrap.estimate(ScoreMetric.named(name), labels, scores, CONFIDENCE);
        lines.add(
            new MetricLine(name, estimate.value(), estimate.low(), estimate.high(), "bootstrap"));
      } catch (InvalidInputException e) {
        lines.add(plain(name, labels, scores));
      }
    }
    return List.copyOf(lines);
  }

  private static MetricLine plain(String name, double[] labels, double[] scores) {
    double value = ScoreMetric.named(name).of(labels, scores);
    return new MetricLine(name, value, Double.NaN, Double.NaN, "");
  }

  private static List<GroupLine> byGroup(double[] labels, double[] scores, List<String> groups) {
    var rowsOf = new TreeMap<String, List<Integer>>();
    for (int i = 0; i < groups.size(); i++) {
      rowsOf.computeIfAbsent(groups.get(i), ignored -> new ArrayList<>()).add(i);
    }
    var lines = new ArrayList<GroupLine>();
    rowsOf.forEach((group, rows) -> {
      double[] l = rows.stream().mapToDouble(i -> labels[i]).toArray();
      double[] s = rows.stream().mapToDouble(i -> scores[i]).toArray();
      var metrics = new LinkedHashMap<String, Double>();
      BY_GROUP.forEach(name -> metrics.put(name, ScoreMetric.named(name).of(l, s)));
      int positives = (int) rows.stream().filter(i -> labels[i] == 1).count();
      lines.add(new GroupLine(group, rows.size(), positives, metrics));
    });
    return List.copyOf(lines);
  }

  public ConfusionTable confusion(List<String> classes) {
    List<String> two = classes.size() == 2 ? classes : List.of("negative", "positive");
    return new ConfusionTable(two, List.of(cells.subList(0, 2), cells.subList(2, 4)));
  }
}
