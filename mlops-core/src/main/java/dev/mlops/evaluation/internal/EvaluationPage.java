package dev.mlops.evaluation.internal;

import dev.mlops.data.Target;
import dev.mlops.data.internal.Page;
import dev.mlops.evaluation.ConfusionMatrix;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.evaluation.EvaluationReport;
import dev.mlops.evaluation.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The page of an evaluation report. */
public final class EvaluationPage {
  private EvaluationPage() {}

  public static String of(EvaluationReport report) {
    Evaluation evaluation = report.evaluation();
    Page page = new Page(report.title())
        .paragraph(
            "lead",
            "Label '%s' on %d rows."
                .formatted(evaluation.schema().target().name(), evaluation.size()));
    page.heading("Metrics with 95 % intervals");
    List<List<String>> rows = new ArrayList<>();
    evaluation.metrics().forEach((name, value) -> {
      Interval interval =
          report.intervals().getOrDefault(name, new Interval(Double.NaN, Double.NaN));
      rows.add(List.of(name, number(value), number(interval.low()), number(interval.high())));
    });
    page.table(List.of("metric", "value", "low", "high"), rows, 1);
    if (!report.groups().isEmpty()) {
      groups(page, report);
    }
    if (evaluation.schema().target() instanceof Target.Classes target) {
      confusion(page, target.classes(), evaluation.confusion());
      if (target.classes().size() == 2) {
        thresholds(page, evaluation);
        curves(page, evaluation);
      }
    }
    return page.html();
  }

  /** What a row about a group shows of all its metrics. */
  private static final List<String> OF_GROUPS =
      List.of("accuracy", "precision", "recall", "f1", "roc_auc", "rmse", "mae", "r2");

  private static void groups(Page page, EvaluationReport report) {
    page.heading("Groups with 95 % intervals");
    List<String> names =
        OF_GROUPS.stream().filter(report.evaluation().metrics()::containsKey).toList();
    List<String> head = new ArrayList<>(List.of("group", "rows"));
    head.addAll(names);
    List<List<String>> rows = new ArrayList<>();
    report.groups().forEach((group, of) -> {
      List<String> row =
          new ArrayList<>(List.of(group, Integer.toString(of.evaluation().size())));
      for (String name : names) {
        double value = of.evaluation().metric(name);
        Interval interval = of.intervals().get(name);
        row.add(
            interval == null || !Double.isFinite(interval.low())
                ? number(value)
                : "%s (%s to %s)"
                    .formatted(number(value), number(interval.low()), number(interval.high())));
      }
      rows.add(row);
    });
    page.table(head, rows, 1);
  }

  /** Of other scores than probabilities, every tenth part of the rows ends at a threshold. */
  private static double[] cuts(Evaluation evaluation) {
    double[] scores =
        Arrays.stream(evaluation.scores()).mapToDouble(s -> s[1]).sorted().toArray();
    return IntStream.rangeClosed(1, 9)
        .mapToDouble(
            i -> evaluation.givesProbabilities() ? i / 10.0 : Resampling.quantile(scores, i / 10.0))
        .distinct()
        .toArray();
  }

  private static void thresholds(Page page, Evaluation evaluation) {
    page.heading("Thresholds of the positive class's score");
    List<List<String>> rows = new ArrayList<>();
    for (double cut : cuts(evaluation)) {
      ConfusionMatrix at = evaluation.confusionAt(cut);
      rows.add(List.of(
          String.format(Locale.ROOT, "%.4g", cut),
          Long.toString(at.count(0, 1) + at.count(1, 1)),
          Long.toString(at.count(0, 1)),
          Long.toString(at.count(1, 0)),
          number(at.precision(1)),
          number(at.recall(1)),
          number(at.f1(1))));
    }
    page.table(
        List.of(
            "threshold",
            "called positive",
            "false positives",
            "false negatives",
            "precision",
            "recall",
            "f1"),
        rows,
        0);
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "not defined";
  }

  private static void confusion(Page page, List<String> classes, ConfusionMatrix confusion) {
    page.heading("Confusion");
    List<String> head = new ArrayList<>(List.of("true class"));
    classes.forEach(name -> head.add("called " + name));
    head.add("recall");
    List<List<String>> rows = new ArrayList<>();
    for (int t = 0; t < classes.size(); t++) {
      List<String> row = new ArrayList<>(List.of(classes.get(t)));
      for (int c = 0; c < classes.size(); c++) {
        row.add(Long.toString(confusion.count(t, c)));
      }
      row.add(number(confusion.recall(t)));
      rows.add(row);
    }
    page.table(head, rows, 1);
  }

  private static void curves(Page page, Evaluation evaluation) {
    page.heading("Curves of the positive class").raw("<div class=\"row\">");
    page.raw(chart(
        "ROC: true positive rate over false positive rate",
        evaluation.roc().stream()
            .map(p -> new double[] {p.falsePositiveRate(), p.truePositiveRate()})
            .toList(),
        true,
        false));
    page.raw(chart(
        "Precision over recall",
        evaluation.precisionRecall().stream()
            .map(p -> new double[] {p.recall(), p.precision()})
            .toList(),
        false,
        false));
    if (evaluation.givesProbabilities()) {
      page.raw(chart(
          "Calibration: share of positives over probability",
          evaluation.reliability().stream()
              .map(b -> new double[] {b.meanProbability(), b.positiveShare()})
              .toList(),
          true,
          true));
    }
    page.raw("</div>");
  }

  private static final int SIZE = 240;
  private static final int MARGIN = 28;

  private static String chart(
      String caption, List<double[]> points, boolean diagonal, boolean dots) {
    var svg = new StringBuilder("<figure><figcaption>").append(caption).append("</figcaption>");
    int all = SIZE + 2 * MARGIN;
    svg.append("<svg width=\"%d\" height=\"%d\" role=\"img\">".formatted(all, all));
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"var(--line)\"/>"
            .formatted(MARGIN, MARGIN, SIZE, SIZE));
    if (diagonal) {
      svg.append("<path d=\"M%s L%s\" stroke=\"var(--line)\" stroke-dasharray=\"4\"/>"
          .formatted(at(new double[] {0, 0}), at(new double[] {1, 1})));
    }
    svg.append("<path fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"2\" d=\"M")
        .append(points.stream().map(EvaluationPage::at).collect(Collectors.joining(" L")))
        .append("\"/>");
    if (dots) {
      for (double[] point : points) {
        String[] xy = at(point).split(",", -1);
        svg.append("<circle r=\"3.5\" fill=\"var(--accent)\" cx=\"%s\" cy=\"%s\"/>"
            .formatted(xy[0], xy[1]));
      }
    }
    for (double tick : new double[] {0, 0.5, 1}) {
      String[] xy = at(new double[] {tick, tick}).split(",", -1);
      svg.append("<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>"
          .formatted(xy[0], all - 10, tick));
      svg.append("<text x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\".3em\">%s</text>"
          .formatted(MARGIN - 5, xy[1], tick));
    }
    return svg.append("</svg></figure>").toString();
  }

  private static String at(double[] point) {
    return String.format(
        Locale.ROOT, "%.1f,%.1f", MARGIN + SIZE * point[0], MARGIN + SIZE * (1 - point[1]));
  }
}
