package dev.mlops.drift;

import static dev.mlops.drift.internal.Texts.format;
import static dev.mlops.drift.internal.Texts.percent;
import static dev.mlops.drift.internal.Texts.words;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.FeatureDrift.Cause;
import dev.mlops.drift.FeatureDrift.Counts;
import dev.mlops.drift.FeatureDrift.Finding;
import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.FeatureBaseline;
import dev.mlops.drift.internal.NumericBaseline;
import java.util.ArrayList;
import java.util.List;
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
  private final Baseline baseline;
  private final DriftPolicy policy;
  private final Profile live;
  private final @Nullable Columns raw;
  private final List<Draft> drafts = new ArrayList<>();

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
        if (baseline.kind(name) == Columns.Kind.NUMERIC) {
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
        .mapToDouble(Draft.Hypothesis::certain)
        .toArray();
    double[] possible = drafts.stream()
        .flatMap(d -> d.hypotheses.stream())
        .mapToDouble(Draft.Hypothesis::possible)
        .toArray();
    double[] adjusted = policy.correction().adjust(certain);
    double[] mayBe = policy.correction().adjust(possible);
    List<FeatureDrift> features = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      features.add(draft.decide(policy.alpha(), adjusted, mayBe, next, bins(i, draft)));
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

  private List<FeatureDrift.Bin> bins(int i, Draft draft) {
    return draft.counts.present() == 0 || draft.feature.present() == 0
        ? List.of()
        : Bins.of(baseline, live, i);
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
        feature.kind() == Columns.Kind.NUMERIC ? Measure.KOLMOGOROV_SMIRNOV : Measure.CHI_SQUARE);
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
              missing,
              percent(Draft.share(feature.missing(), feature.present() + feature.missing())))));
      return draft;
    }
    if (feature instanceof NumericBaseline numeric) {
      new NumericHypotheses(live, raw, policy, i, numeric, draft).add();
    } else {
      new CategoricalHypotheses(live, policy, i, (CategoricalBaseline) feature, draft).add();
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
    double before = Draft.share(feature.missing(), referenceRows);
    double now = draft.counts.missingShare();
    double p = PValues.twoByTwo(feature.missing(), referenceRows, draft.counts.missing(), liveRows);
    boolean matters = Math.abs(now - before) >= policy.missingShareChange();
    draft.hypotheses.add(new Draft.Hypothesis(
        Cause.MISSING_SHARE,
        p,
        p,
        matters,
        matters,
        format("missing values went from %s to %s", percent(before), percent(now))));
  }
}
