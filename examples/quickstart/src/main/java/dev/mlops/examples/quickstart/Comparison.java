package dev.mlops.examples.quickstart;

import dev.mlops.abtest.Analysis;
import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.AnalysisReport;
import dev.mlops.abtest.Assigner;
import dev.mlops.abtest.Assignment;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.ExperimentData;
import dev.mlops.abtest.Metric;
import dev.mlops.data.Table;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Replays the holdout rows as traffic: every row is assigned to one of two models, and the outcome
 * is whether that model named the right class.
 */
final class Comparison {
  static final String CONTROL = "runner-up";
  static final String TREATMENT = "champion";
  static final String OUTCOME = "correct";

  private Comparison() {}

  static AnalysisReport run(
      String model,
      Table traffic,
      ToIntFunction<double[]> runnerUp,
      ToIntFunction<double[]> champion,
      Consumer<Boolean> championWasRight) {
    Experiment experiment = Experiment.builder(model + "-champion")
        .control(CONTROL, 1)
        .variant(TREATMENT, 1)
        .build();
    Assigner assigner = Assigner.of(experiment);
    AnalysisPlan plan =
        AnalysisPlan.fixed(traffic.size()).metric(Metric.proportion(OUTCOME)).build();
    ExperimentData.Builder data = ExperimentData.builder(plan);
    for (int i = 0; i < traffic.size(); i++) {
      Assignment assignment = assigner.assign(unit(i));
      String variant = assignment.variantOr(CONTROL);
      ToIntFunction<double[]> predictor = variant.equals(TREATMENT) ? champion : runnerUp;
      boolean correct = predictor.applyAsInt(traffic.row(i)) == (int) traffic.target(i);
      data.addUnit(variant, Map.of(OUTCOME, correct ? 1.0 : 0.0));
      if (variant.equals(TREATMENT)) {
        championWasRight.accept(correct);
      }
    }
    return Analysis.run(experiment, plan, data.build());
  }

  static String unit(int row) {
    return "row-" + row;
  }
}
