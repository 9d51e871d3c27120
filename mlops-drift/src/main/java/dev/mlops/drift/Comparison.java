package dev.mlops.drift;

import static dev.mlops.drift.internal.Texts.format;
import static dev.mlops.drift.internal.Texts.number;
import static dev.mlops.drift.internal.Texts.percent;
import static dev.mlops.drift.internal.Texts.words;

import dev.mlops.drift.FeatureDrift.Cause;
import dev.mlops.drift.FeatureDrift.Counts;
import dev.mlops.drift.FeatureDrift.Evidence;
import dev.mlops.drift.FeatureDrift.Finding;
import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.Contingency;
import dev.mlops.drift.internal.DistanceBounds;
import dev.mlops.drift.internal.FeatureBaseline;
import dev.mlops.drift.internal.NumericBaseline;
import dev.mlops.drift.internal.ReferenceIndex;
import dev.mlops.drift.internal.SpecialFunctions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/*
 * From counters to a report, in two passes: first every feature names its hypotheses with their p,
 * then all p of the report are adjusted together and the verdicts follow.
 *
 * Where D is only known to lie in an interval, each hypothesis has two p: the certain one (at the
 * lower bound of D) and the possible one (at the upper). Drift needs the certain p, "stable" needs
 * that not even the possible p would do; what is in between is a warning.
 */
final class Comparison {
  private static final int MAX_NAMES = 20;

  private final Baseline baseline;
  private final DriftPolicy policy;
  private final Profile live;
  private final @Nullable Columns raw;
  private final List<Draft> drafts = new ArrayList<>();

  /** One hypothesis: "nothing changed in this respect". */
  private record Hypothesis(
      Cause cause,
      double certain,
      double possible,
      boolean matters,
      boolean mayMatter,
      String message) {}

  private static final class Draft {
    final FeatureBaseline feature;
    final List<Hypothesis> hypotheses = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    List<String> newCategories = List.of();
    List<String> lostCategories = List.of();
    Counts counts = new Counts(0, 0, 0);
    Map<String, Double> distances = Map.of();
    Evidence evidence;

    Draft(FeatureBaseline feature, DriftTest test) {
      this.feature = feature;
      this.evidence = new Evidence(test, 0, 0, 1, 1, 1, 0, OptionalDouble.empty());
    }
  }

  private Comparison(Baseline baseline, Profile live, @Nullable Columns raw, DriftPolicy policy) {
    this.baseline = baseline;
    this.live = live;
    this.raw = raw;
    this.policy = policy;
  }

  static DriftReport of(Baseline baseline, Columns live, DriftPolicy policy) {
    Profile profile = baseline.newProfile();
    for (String name : baseline.names()) {
      if (live.contains(name) && live.kind(name) == baseline.kind(name)) {
        if (baseline.kind(name) == FeatureKind.NUMERIC) {
          profile.recordColumn(name, live.numbers(name));
        } else {
          profile.recordColumn(name, live.texts(name));
        }
      }
    }
    return new Comparison(baseline, profile, live, policy).report();
  }

  static DriftReport of(Baseline baseline, Profile live, DriftPolicy policy) {
    return new Comparison(baseline, live, null, policy).report();
  }

  private DriftReport report() {
    for (int i = 0; i < baseline.width(); i++) {
      drafts.add(draft(i));
    }
    double[] certain = drafts.stream()
        .flatMap(d -> d.hypotheses.stream())
        .mapToDouble(Hypothesis::certain)
        .toArray();
    double[] possible = drafts.stream()
        .flatMap(d -> d.hypotheses.stream())
        .mapToDouble(Hypothesis::possible)
        .toArray();
    double[] adjusted = policy.correction().adjust(certain);
    double[] mayBe = policy.correction().adjust(possible);
    List<FeatureDrift> features = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      features.add(decide(i, draft, adjusted, mayBe, next));
      next += draft.hypotheses.size();
    }
    return new DriftReport(
        overall(features),
        features,
        policy,
        baseline.fingerprint(),
        baseline.rows(),
        raw == null ? live.rows() : raw.rows());
  }

  private Verdict overall(List<FeatureDrift> features) {
    long drifted = features.stream().filter(f -> f.verdict() == Verdict.DRIFT).count();
    if (drifted > 0 && drifted < policy.datasetShare() * features.size()) {
      return Verdict.WARNING;
    }
    for (Verdict verdict :
        List.of(Verdict.DRIFT, Verdict.NOT_COMPARABLE, Verdict.WARNING, Verdict.STABLE)) {
      if (features.stream().anyMatch(f -> f.verdict() == verdict)) {
        return verdict;
      }
    }
    return Verdict.INSUFFICIENT_DATA;
  }

  private Draft draft(int i) {
    FeatureBaseline feature = baseline.feature(i);
    String name = feature.name();
    Draft draft = new Draft(
        feature,
        feature.kind() == FeatureKind.NUMERIC
            ? DriftTest.KOLMOGOROV_SMIRNOV
            : DriftTest.CHI_SQUARE);
    if (raw != null && !raw.contains(name)) {
      draft.findings.add(new Finding(
          Cause.ABSENT, Verdict.NOT_COMPARABLE, "the live data have no column '" + name + "'"));
      return draft;
    }
    if (raw != null && raw.kind(name) != feature.kind()) {
      draft.findings.add(new Finding(
          Cause.OTHER_KIND,
          Verdict.NOT_COMPARABLE,
          "the reference is " + words(feature.kind()) + ", the live column "
              + words(raw.kind(name))));
      return draft;
    }
    int offset = baseline.offset(i);
    long missing = live.counter(offset + feature.missingCounter());
    long present = 0;
    for (int c = 0; c < feature.cells(); c++) {
      present += live.counter(offset + c);
    }
    draft.counts = new Counts(present, missing, live.counter(offset + feature.infiniteCounter()));
    if (present + missing < policy.minSamples()) {
      draft.findings.add(new Finding(
          Cause.TOO_FEW_ROWS,
          Verdict.INSUFFICIENT_DATA,
          format(
              "%d live rows, the policy asks for at least %d",
              present + missing, policy.minSamples())));
      return draft;
    }
    missingShare(draft);
    if (feature.present() == 0) {
      if (present > 0) {
        draft.findings.add(new Finding(
            Cause.EMPTY_REFERENCE,
            Verdict.NOT_COMPARABLE,
            format("the reference has no value, the live data have %d", present)));
      }
      return draft;
    }
    if (present == 0) {
      draft.findings.add(new Finding(
          Cause.ALL_MISSING,
          Verdict.DRIFT,
          format(
              "all %d live values are missing; in the reference %s are",
              missing, percent(share(feature.missing(), feature.present() + feature.missing())))));
      return draft;
    }
    if (feature instanceof NumericBaseline numeric) {
      numeric(i, draft, numeric);
    } else {
      categorical(i, draft, (CategoricalBaseline) feature);
    }
    return draft;
  }

  private void missingShare(Draft draft) {
    FeatureBaseline feature = draft.feature;
    long referenceRows = feature.present() + feature.missing();
    long liveRows = draft.counts.present() + draft.counts.missing();
    long missing = feature.missing() + draft.counts.missing();
    if (missing == 0 || missing == referenceRows + liveRows) {
      return;
    }
    double before = share(feature.missing(), referenceRows);
    double now = draft.counts.missingShare();
    double p = twoByTwo(feature.missing(), referenceRows, draft.counts.missing(), liveRows);
    boolean matters = Math.abs(now - before) >= policy.missingShareChange();
    draft.hypotheses.add(new Hypothesis(
        Cause.MISSING_SHARE,
        p,
        p,
        matters,
        matters,
        format("missing values went from %s to %s", percent(before), percent(now))));
  }

  private void numeric(int i, Draft draft, NumericBaseline numeric) {
    double low;
    double high;
    double location;
    ReferenceIndex exact = numeric.exact();
    ReferenceIndex.At at = raw != null && exact != null
        ? exact.distance(NumericBaseline.present(raw.numbers(numeric.name())))
        : null;
    if (at != null) {
      low = at.distance();
      high = at.distance();
      location = at.location();
    } else {
      DistanceBounds bounds = live.distanceBounds(i);
      low = bounds.low();
      high = bounds.high();
      location = upperEnd(numeric, bounds.cell());
    }
    long n = numeric.present();
    long m = draft.counts.present();
    double certain = ksPValue(low, n, m);
    double possible = high == low ? certain : ksPValue(high, n, m);
    NumericMeasures measures = new NumericMeasures(numeric, live, i, raw);
    draft.distances = measures.distances();
    DriftPolicy.Rule rule = policy.rule(FeatureKind.NUMERIC);
    boolean distance = rule.test() == DriftTest.KOLMOGOROV_SMIRNOV;
    TestResult result =
        distance ? new TestResult((low + high) / 2, certain) : measures.test(rule.test(), certain);
    draft.evidence = new Evidence(
        rule.test(),
        result.statistic(),
        distance ? low : result.statistic(),
        distance ? high : result.statistic(),
        result.pValue(),
        result.pValue(),
        (low + high) / 2,
        OptionalDouble.of(location));
    String message = distance
        ? format("D = %s at %s", interval(low, high), number(location))
        : format("%s = %s", words(rule.test()), number(result.statistic()));
    if (rule.threshold().isPresent()) {
      byThreshold(draft, rule, draft.evidence.low(), message);
    } else {
      draft.hypotheses.add(new Hypothesis(
          Cause.DISTRIBUTION,
          result.pValue(),
          distance ? possible : result.pValue(),
          low >= policy.minEffect(),
          high >= policy.minEffect(),
          message));
    }
    shape(draft, numeric, i);
  }

  private static void byThreshold(
      Draft draft, DriftPolicy.Rule rule, double value, String message) {
    if (value >= rule.threshold().orElse(Double.POSITIVE_INFINITY)) {
      draft.findings.add(new Finding(
          Cause.DISTRIBUTION,
          Verdict.DRIFT,
          message + ", threshold " + number(rule.threshold().getAsDouble())));
    } else if (value >= rule.warning().orElse(Double.POSITIVE_INFINITY)) {
      draft.findings.add(new Finding(
          Cause.DISTRIBUTION,
          Verdict.WARNING,
          message + ", warning from " + number(rule.warning().getAsDouble())));
    }
  }

  private void shape(Draft draft, NumericBaseline numeric, int i) {
    double constant = numeric.constant();
    int offset = baseline.offset(i);
    long present = draft.counts.present();
    if (!Double.isNaN(constant)) {
      long other = present - live.counter(offset + 1);
      if (other > 0) {
        draft.findings.add(new Finding(
            Cause.CONSTANT_REFERENCE,
            Verdict.WARNING,
            format(
                "the reference is constant at %s, %s of the live values differ",
                number(constant), percent(share(other, present)))));
      }
    } else if (present > 1) {
      for (int c = 1; c < numeric.cells(); c += 2) {
        if (live.counter(offset + c) == present) {
          draft.findings.add(new Finding(
              Cause.CONSTANT_WINDOW,
              Verdict.WARNING,
              format(
                  "all %d live values are %s",
                  present, number(numeric.partition().edge(c / 2)))));
        }
      }
    }
    if (draft.counts.infinite() > 0 && numeric.infinite() == 0) {
      draft.findings.add(new Finding(
          Cause.INFINITE_VALUES,
          Verdict.WARNING,
          format("%d live values are infinite, none in the reference", draft.counts.infinite())));
    }
  }

  private void categorical(int i, Draft draft, CategoricalBaseline reference) {
    Map<String, Long> unseen = live.unseenNames(i);
    int named = reference.categories().size();
    int offset = baseline.offset(i);
    // Unseen names get columns of their own; what is left of the "other" cell is one more.
    long[] a = new long[named + 1 + unseen.size()];
    long[] b = new long[named + 1 + unseen.size()];
    for (int c = 0; c <= named; c++) {
      a[c] = reference.count(c);
      b[c] = live.counter(offset + c);
    }
    boolean newNamesAreNew = !reference.truncated();
    if (newNamesAreNew) {
      int c = named + 1;
      for (long count : unseen.values()) {
        b[c++] = count;
        b[named] -= count;
      }
    }
    Contingency table = new Contingency(a, b);
    DriftPolicy.Rule rule = policy.rule(FeatureKind.CATEGORICAL);
    TestResult result = CategoricalMeasures.test(rule.test(), a, b);
    double effect = table.totalVariation();
    draft.distances = CategoricalMeasures.distances(a, b);
    draft.evidence = new Evidence(
        rule.test(),
        result.statistic(),
        result.statistic(),
        result.statistic(),
        result.pValue(),
        result.pValue(),
        effect,
        OptionalDouble.empty());
    String message = format(
        "%s %s, total variation %s",
        words(rule.test()), number(result.statistic()), number(effect));
    if (rule.threshold().isPresent()) {
      byThreshold(draft, rule, result.statistic(), message);
    } else {
      boolean matters = effect >= policy.minEffect();
      draft.hypotheses.add(new Hypothesis(
          Cause.DISTRIBUTION, result.pValue(), result.pValue(), matters, matters, message));
    }
    if (newNamesAreNew) {
      newCategories(draft, unseen, b[named], table.degreesOfFreedom() + 1);
      lostCategories(draft, reference, b, table.degreesOfFreedom() + 1);
    }
  }

  private void newCategories(Draft draft, Map<String, Long> unseen, long unnamed, int categories) {
    draft.newCategories = unseen.keySet().stream().limit(MAX_NAMES).toList();
    long most = Math.max(
        unnamed, unseen.values().stream().mapToLong(Long::longValue).max().orElse(0));
    if (most == 0) {
      return;
    }
    long m = draft.counts.present();
    double p = Math.min(1, categories * twoByTwo(0, draft.feature.present(), most, m));
    long all = unnamed + unseen.values().stream().mapToLong(Long::longValue).sum();
    boolean matters = share(all, m) >= policy.categoryShare();
    draft.hypotheses.add(new Hypothesis(
        Cause.NEW_CATEGORY,
        probability(p),
        probability(p),
        matters,
        matters,
        format(
            "%s of the live values are in categories the reference does not have: %s",
            percent(share(all, m)),
            unseen.isEmpty()
                ? Baseline.UNKNOWN_CATEGORY
                : names(draft.newCategories, unseen.size()))));
  }

  private void lostCategories(
      Draft draft, CategoricalBaseline reference, long[] liveCounts, int categories) {
    List<String> lost = new ArrayList<>();
    long most = 0;
    long all = 0;
    for (int c = 0; c < reference.categories().size(); c++) {
      if (liveCounts[c] == 0 && reference.count(c) > 0) {
        lost.add(reference.categories().get(c));
        most = Math.max(most, reference.count(c));
        all += reference.count(c);
      }
    }
    if (lost.isEmpty()) {
      return;
    }
    draft.lostCategories = lost.stream().limit(MAX_NAMES).toList();
    long n = reference.present();
    double p = Math.min(1, categories * twoByTwo(most, n, 0, draft.counts.present()));
    boolean matters = share(all, n) >= policy.categoryShare();
    draft.hypotheses.add(new Hypothesis(
        Cause.LOST_CATEGORY,
        probability(p),
        probability(p),
        matters,
        matters,
        format(
            "categories with %s of the reference do not appear: %s",
            percent(share(all, n)), names(draft.lostCategories, lost.size()))));
  }

  private FeatureDrift decide(int i, Draft draft, double[] adjusted, double[] mayBe, int first) {
    List<Finding> findings = new ArrayList<>(draft.findings);
    Evidence evidence = draft.evidence;
    boolean drifted = findings.stream().anyMatch(f -> f.verdict() == Verdict.DRIFT);
    for (int k = 0; k < draft.hypotheses.size(); k++) {
      Hypothesis h = draft.hypotheses.get(k);
      double p = adjusted[first + k];
      boolean certain = p < policy.alpha();
      boolean possible = mayBe[first + k] < policy.alpha();
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
    FeatureBaseline feature = draft.feature;
    return new FeatureDrift(
        feature.name(),
        feature.kind(),
        verdict,
        findings,
        evidence,
        new Counts(feature.present(), feature.missing(), feature.infinite()),
        draft.counts,
        draft.newCategories,
        draft.lostCategories,
        draft.distances,
        draft.counts.present() == 0 || feature.present() == 0
            ? List.of()
            : Bins.of(baseline, live, i));
  }

  private static double ksPValue(double d, long n, long m) {
    return KolmogorovSmirnov.pValue(
        d, n, m, KolmogorovSmirnov.Alternative.TWO_SIDED, KolmogorovSmirnov.Method.AUTO);
  }

  /** p of a 2 x 2 table: Fisher's exact test where counts are small, else Pearson's. */
  private static double twoByTwo(long a, long n, long b, long m) {
    Contingency table = new Contingency(new long[] {a, n - a}, new long[] {b, m - b});
    if (table.leastExpected() < 5 || n + m < 1000) {
      return probability(Contingency.fisher(a, n, b, m));
    }
    return probability(SpecialFunctions.chiSquareSurvival(table.pearson(false), 1));
  }

  private static double probability(double p) {
    return Math.max(Double.MIN_VALUE, Math.min(1, p));
  }

  private static double upperEnd(NumericBaseline numeric, int cell) {
    int edge = Math.min(cell / 2, numeric.partition().edgeCount() - 1);
    return numeric.partition().edge(edge);
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static String names(List<String> shown, int all) {
    String joined = String.join(", ", shown.subList(0, Math.min(5, shown.size())));
    return all > 5 ? joined + " and " + (all - 5) + " more" : joined;
  }

  private static String interval(double low, double high) {
    return low == high ? number(low) : "[" + number(low) + ", " + number(high) + "]";
  }
}
