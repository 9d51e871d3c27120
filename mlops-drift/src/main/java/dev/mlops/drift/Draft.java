package dev.mlops.drift;

import static dev.mlops.drift.internal.Texts.format;
import static dev.mlops.drift.internal.Texts.number;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.FeatureDrift.Cause;
import dev.mlops.drift.FeatureDrift.Counts;
import dev.mlops.drift.FeatureDrift.Evidence;
import dev.mlops.drift.FeatureDrift.Finding;
import dev.mlops.drift.internal.FeatureBaseline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What is known of one feature before the p-values of the whole report are adjusted. */
final class Draft {
  final FeatureBaseline feature;
  final List<Hypothesis> hypotheses = new ArrayList<>();
  final List<Finding> findings = new ArrayList<>();
  List<String> newCategories = List.of();
  List<String> lostCategories = List.of();
  Counts counts = new Counts(0, 0, 0);
  Map<String, Double> distances = Map.of();
  Evidence evidence;

  Draft(FeatureBaseline feature, Measure test) {
    this.feature = feature;
    this.evidence = new Evidence(test, 0, 0, 1, 1, 1, 0, OptionalDouble.empty());
  }

  /** One hypothesis: "nothing changed in this respect". */
  record Hypothesis(
      Cause cause,
      double certain,
      double possible,
      boolean matters,
      boolean mayMatter,
      String message) {}

  void byThreshold(DriftPolicy.Rule rule, double value, String message) {
    if (value >= rule.threshold().orElse(Double.POSITIVE_INFINITY)) {
      findings.add(new Finding(
          Cause.DISTRIBUTION,
          Verdict.DRIFT,
          message + ", threshold " + number(rule.threshold().getAsDouble())));
    } else if (value >= rule.warning().orElse(Double.POSITIVE_INFINITY)) {
      findings.add(new Finding(
          Cause.DISTRIBUTION,
          Verdict.WARNING,
          message + ", warning from " + number(rule.warning().getAsDouble())));
    }
  }

  /** The verdict, once every p is adjusted; this feature's hypotheses begin at {@code first}. */
  FeatureDrift decide(
      double alpha, double[] adjusted, double[] mayBe, int first, List<FeatureDrift.Bin> bins) {
    List<Finding> findings = new ArrayList<>(this.findings);
    Evidence evidence = this.evidence;
    boolean drifted = findings.stream().anyMatch(f -> f.verdict() == Verdict.DRIFT);
    for (int k = 0; k < hypotheses.size(); k++) {
      Hypothesis h = hypotheses.get(k);
      double p = adjusted[first + k];
      boolean certain = p < alpha;
      boolean possible = mayBe[first + k] < alpha;
      if (h.cause == Cause.DISTRIBUTION) {
        evidence = new Evidence(
            evidence.test(),
            evidence.statistic(),
            evidence.low(),
            evidence.high(),
            evidence.pValue(),
            p,
            evidence.effect(),
            evidence.location());
      }
      if (certain && h.matters) {
        drifted = true;
        findings.add(
            new Finding(h.cause, Verdict.DRIFT, h.message + format(", adjusted p %s", number(p))));
      } else if (possible && h.mayMatter) {
        findings.add(
            new Finding(h.cause, Verdict.WARNING, h.message + ", the counters cannot decide it"));
      } else if (certain) {
        findings.add(new Finding(
            h.cause,
            Verdict.STABLE,
            h.message + format(", adjusted p %s: certain but too small to matter", number(p))));
      }
    }
    if (drifted) {
      // What was a warning of its own is now part of an established drift.
      findings.replaceAll(
          f -> f.cause() == Cause.CONSTANT_REFERENCE || f.cause() == Cause.CONSTANT_WINDOW
              ? new Finding(f.cause(), Verdict.DRIFT, f.message())
              : f);
    }
    findings.sort(Comparator.comparing((Finding f) -> f.verdict()).reversed());
    Verdict verdict = findings.stream()
        .map(Finding::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.STABLE);
    return new FeatureDrift(
        feature.name(),
        feature.kind(),
        verdict,
        findings,
        evidence,
        new Counts(feature.present(), feature.missing(), feature.infinite()),
        counts,
        newCategories,
        lostCategories,
        distances,
        bins);
  }

  static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
