package dev.mlops.drift;

import static dev.mlops.drift.internal.Texts.format;
import static dev.mlops.drift.internal.Texts.number;
import static dev.mlops.drift.internal.Texts.percent;
import static dev.mlops.drift.internal.Texts.words;

import dev.mlops.drift.FeatureDrift.Cause;
import dev.mlops.drift.FeatureDrift.Evidence;
import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.Contingency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a categorical feature may have against it: its shares, new categories, lost categories. */
final class CategoricalHypotheses {
  private static final int MAX_NAMES = 20;

  private final Profile live;
  private final DriftPolicy policy;
  private final int index;
  private final CategoricalBaseline reference;
  private final Draft draft;

  CategoricalHypotheses(
      Profile live, DriftPolicy policy, int index, CategoricalBaseline reference, Draft draft) {
    this.live = live;
    this.policy = policy;
    this.index = index;
    this.reference = reference;
    this.draft = draft;
  }

  void add() {
    Map<String, Long> unseen = live.unseenNames(index);
    int named = reference.categories().size();
    int offset = live.baseline().offset(index);
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
    DriftPolicy.Rule rule = policy.rule(Columns.Kind.CATEGORICAL);
    DriftTests.Result result = CategoricalMeasures.test(rule.test(), a, b);
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
      draft.byThreshold(rule, result.statistic(), message);
    } else {
      boolean matters = effect >= policy.minEffect();
      draft.hypotheses.add(new Draft.Hypothesis(
          Cause.DISTRIBUTION, result.pValue(), result.pValue(), matters, matters, message));
    }
    if (newNamesAreNew) {
      newCategories(unseen, b[named], table.degreesOfFreedom() + 1);
      lostCategories(b, table.degreesOfFreedom() + 1);
    }
  }

  private void newCategories(Map<String, Long> unseen, long unnamed, int categories) {
    draft.newCategories = unseen.keySet().stream().limit(MAX_NAMES).toList();
    long most = Math.max(
        unnamed, unseen.values().stream().mapToLong(Long::longValue).max().orElse(0));
    if (most == 0) {
      return;
    }
    long m = draft.counts.present();
    double p = Math.min(1, categories * PValues.twoByTwo(0, draft.feature.present(), most, m));
    long all = unnamed + unseen.values().stream().mapToLong(Long::longValue).sum();
    boolean matters = Draft.share(all, m) >= policy.categoryShare();
    draft.hypotheses.add(new Draft.Hypothesis(
        Cause.NEW_CATEGORY,
        PValues.probability(p),
        PValues.probability(p),
        matters,
        matters,
        format(
            "%s of the live values are in categories the reference does not have: %s",
            percent(Draft.share(all, m)),
            unseen.isEmpty()
                ? Baseline.UNKNOWN_CATEGORY
                : names(draft.newCategories, unseen.size()))));
  }

  private void lostCategories(long[] liveCounts, int categories) {
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
    double p = Math.min(1, categories * PValues.twoByTwo(most, n, 0, draft.counts.present()));
    boolean matters = Draft.share(all, n) >= policy.categoryShare();
    draft.hypotheses.add(new Draft.Hypothesis(
        Cause.LOST_CATEGORY,
        PValues.probability(p),
        PValues.probability(p),
        matters,
        matters,
        format(
            "categories with %s of the reference do not appear: %s",
            percent(Draft.share(all, n)), names(draft.lostCategories, lost.size()))));
  }

  private static String names(List<String> shown, int all) {
    String joined = String.join(", ", shown.subList(0, Math.min(5, shown.size())));
    return all > 5 ? joined + " and " + (all - 5) + " more" : joined;
  }
}
