package dev.mlops.evaluation;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/** All metrics of an evaluation by name. */
final class Metrics {
  private Metrics() {}

  static Map<String, Double> of(Evaluation evaluation) {
    Map<String, Double> metrics = new TreeMap<>();
    if (evaluation.schema().target() instanceof dev.mlops.data.Target.Quantity) {
      double[] predicted = evaluation.scoresOf(0);
      metrics.put("rmse", RegressionMetrics.rmse(evaluation.rawTargets(), predicted));
      metrics.put("mae", RegressionMetrics.mae(evaluation.rawTargets(), predicted));
      metrics.put("r2", RegressionMetrics.r2(evaluation.rawTargets(), predicted));
      return metrics;
    }
    ConfusionMatrix confusion = evaluation.confusion();
    metrics.put("accuracy", confusion.accuracy());
    metrics.put("balanced_accuracy", confusion.balancedAccuracy());
    metrics.put("mcc", confusion.mcc());
    metrics.put("kappa", confusion.kappa());
    if (evaluation.isBinary()) {
      binary(evaluation, confusion, metrics);
    } else {
      several(evaluation, confusion, metrics);
    }
    if (evaluation.givesProbabilities()) {
      metrics.put(
          "log_loss", ProbabilityMetrics.logLoss(evaluation.truth(), evaluation.rawScores()));
    }
    return metrics;
  }

  private static void binary(
      Evaluation evaluation, ConfusionMatrix confusion, Map<String, Double> metrics) {
    boolean[] positive = evaluation.positives(1);
    double[] scores = evaluation.scoresOf(1);
    metrics.put("precision", confusion.precision(1));
    metrics.put("recall", confusion.recall(1));
    metrics.put("f1", confusion.f1(1));
    metrics.put("roc_auc", RankMetrics.rocAuc(positive, scores));
    metrics.put("pr_auc", RankMetrics.averagePrecision(positive, scores));
    if (evaluation.givesProbabilities()) {
      metrics.put("brier", ProbabilityMetrics.brier(positive, scores));
      metrics.put(
          "calibration_error",
          ProbabilityMetrics.calibrationError(positive, scores, Evaluation.CALIBRATION_BINS));
    }
  }

  private static void several(
      Evaluation evaluation, ConfusionMatrix confusion, Map<String, Double> metrics) {
    int classes = evaluation.schema().outputs();
    metrics.put("precision", mean(classes, confusion::precision));
    metrics.put("recall", mean(classes, confusion::recall));
    metrics.put("f1", confusion.macroF1());
    metrics.put("f1_weighted", confusion.weightedF1());
    metrics.put(
        "roc_auc",
        mean(classes, c -> RankMetrics.rocAuc(evaluation.positives(c), evaluation.scoresOf(c))));
    metrics.put(
        "roc_auc_ovo", RankMetrics.rocAucOneVersusOne(evaluation.truth(), evaluation.rawScores()));
    metrics.put(
        "pr_auc",
        mean(
            classes,
            c -> RankMetrics.averagePrecision(evaluation.positives(c), evaluation.scoresOf(c))));
    if (evaluation.givesProbabilities()) {
      metrics.put("brier", ProbabilityMetrics.brier(evaluation.truth(), evaluation.rawScores()));
      metrics.put(
          "calibration_error",
          mean(
              classes,
              c -> ProbabilityMetrics.calibrationError(
                  evaluation.positives(c), evaluation.scoresOf(c), Evaluation.CALIBRATION_BINS)));
    }
  }

  private static double mean(int classes, IntToDoubleFunction of) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += of.applyAsDouble(c);
    }
    return sum / classes;
  }
}
