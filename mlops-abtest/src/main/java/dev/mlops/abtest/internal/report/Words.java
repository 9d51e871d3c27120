package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.Metric;
import dev.mlops.abtest.MetricResult;
import dev.mlops.abtest.Refusal;
import dev.mlops.abtest.Verdict;
import java.util.Locale;

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
      return "guardrail, margin " + Numbers.plain(g.margin());
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
    if (metric.kind() instanceof Metric.Kind.Proportion) {
      return "PROPORTION";
    }
    if (metric.kind() instanceof Metric.Kind.Ratio) {
      return "RATIO";
    }
    return metric.kind() instanceof Metric.Kind.Quantile ? "QUANTILE" : "MEAN";
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

  static String reason(Refusal refusal) {
    return refusal.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String design(AnalysisPlan plan) {
    AnalysisPlan.Design design = plan.design();
    if (design instanceof AnalysisPlan.Design.AlwaysValid open) {
      return "always valid, tightest at " + Numbers.count(open.tuningUnits()) + " units";
    }
    if (design instanceof AnalysisPlan.Design.GroupSequential group) {
      return group.looks() + " looks up to " + Numbers.count(group.plannedUnits()) + " units";
    }
    if (design instanceof AnalysisPlan.Design.Bayes bayes) {
      return "posterior at "
          + Numbers.count(bayes.plannedUnits())
          + " units (not protected against peeking)";
    }
    AnalysisPlan.Design.Fixed fixed = (AnalysisPlan.Design.Fixed) design;
    return "one look at " + Numbers.count(fixed.plannedUnits()) + " units";
  }

  static String designKey(AnalysisPlan plan) {
    AnalysisPlan.Design design = plan.design();
    if (design instanceof AnalysisPlan.Design.AlwaysValid) {
      return "ALWAYS_VALID";
    }
    if (design instanceof AnalysisPlan.Design.GroupSequential) {
      return "GROUP_SEQUENTIAL";
    }
    return design instanceof AnalysisPlan.Design.Bayes ? "BAYES" : "FIXED";
  }
}
