package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.Metric;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.Verdict;

/** Short words for roles, states and designs, shared by the writers. */
final class Words {
  private Words() {}

  static String verdict(Verdict verdict) {
    if (verdict instanceof Verdict.ShipWinner) {
      return "SHIP_WINNER";
    }
    if (verdict instanceof Verdict.KeepControl) {
      return "KEEP_CONTROL";
    }
    return verdict instanceof Verdict.NotYet ? "NOT_YET" : "INVALID";
  }

  static String role(Metric metric) {
    if (metric.role() instanceof Metric.Role.Guardrail g) {
      return "guardrail ±" + Numbers.value(g.margin());
    }
    return metric.role() instanceof Metric.Role.Goal ? "goal" : "signal";
  }

  static String roleKey(Metric metric) {
    if (metric.role() instanceof Metric.Role.Guardrail) {
      return "GUARDRAIL";
    }
    return metric.role() instanceof Metric.Role.Goal ? "GOAL" : "SIGNAL";
  }

  static String kind(Metric metric) {
    return metric.kind() instanceof Metric.Kind.Proportion ? "PROPORTION" : "MEAN";
  }

  static String status(MetricResult.Status status) {
    return switch (status) {
      case BETTER -> "better";
      case WORSE -> "worse";
      case INCONCLUSIVE -> "inconclusive";
      case WITHIN_MARGIN -> "within margin";
      case BEYOND_MARGIN -> "beyond margin";
      case OPEN -> "open";
      case NOT_TESTED -> "not tested";
    };
  }

  static String design(AnalysisPlan plan) {
    AnalysisPlan.Design.Fixed fixed = (AnalysisPlan.Design.Fixed) plan.design();
    return "one look at " + Numbers.count(fixed.plannedUnits()) + " units";
  }

  static String designKey(AnalysisPlan plan) {
    return "FIXED";
  }
}
