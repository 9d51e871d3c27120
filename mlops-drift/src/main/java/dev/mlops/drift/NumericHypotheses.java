package dev.mlops.drift;

import static dev.mlops.drift.internal.Texts.format;
import static dev.mlops.drift.internal.Texts.number;
import static dev.mlops.drift.internal.Texts.percent;
import static dev.mlops.drift.internal.Texts.words;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import dev.mlops.drift.FeatureDrift.Cause;
import dev.mlops.drift.FeatureDrift.Evidence;
import dev.mlops.drift.FeatureDrift.Finding;
import dev.mlops.drift.internal.DistanceBounds;
import dev.mlops.drift.internal.NumericBaseline;
import dev.mlops.drift.internal.ReferenceIndex;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a numeric feature may have against it: its distribution, and a shape it did not have. */
final class NumericHypotheses {
  private final Profile live;
  private final @Nullable Columns raw;
  private final DriftPolicy policy;
  private final int index;
  private final NumericBaseline numeric;
  private final Draft draft;

  NumericHypotheses(
      Profile live,
      @Nullable Columns raw,
      DriftPolicy policy,
      int index,
      NumericBaseline numeric,
      Draft draft) {
    this.live = live;
    this.raw = raw;
    this.policy = policy;
    this.index = index;
    this.numeric = numeric;
    this.draft = draft;
  }

  void add() {
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
      DistanceBounds bounds = live.distanceBounds(index);
      low = bounds.low();
      high = bounds.high();
      location = upperEnd(numeric, bounds.cell());
    }
    long n = numeric.present();
    long m = draft.counts.present();
    double certain = ksPValue(low, n, m);
    double possible = high == low ? certain : ksPValue(high, n, m);
    NumericMeasures measures = new NumericMeasures(numeric, live, index, raw);
    draft.distances = measures.distances();
    DriftPolicy.Rule rule = policy.rule(Columns.Kind.NUMERIC);
    boolean distance = rule.test() == Measure.KOLMOGOROV_SMIRNOV;
    DriftTests.Result result = distance
        ? new DriftTests.Result((low + high) / 2, certain)
        : measures.test(rule.test(), certain);
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
      draft.byThreshold(rule, draft.evidence.low(), message);
    } else {
      draft.hypotheses.add(new Draft.Hypothesis(
          Cause.DISTRIBUTION,
          result.pValue(),
          distance ? possible : result.pValue(),
          low >= policy.minEffect(),
          high >= policy.minEffect(),
          message));
    }
    shape();
  }

  private void shape() {
    double constant = numeric.constant();
    int offset = live.baseline().offset(index);
    long present = draft.counts.present();
    if (!Double.isNaN(constant)) {
      long other = present - live.counter(offset + 1);
      if (other > 0) {
        draft.findings.add(new Finding(
            Cause.CONSTANT_REFERENCE,
            Verdict.WARNING,
            format(
                "the reference is constant at %s, %s of the live values differ",
                number(constant), percent(Draft.share(other, present)))));
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

  private static double ksPValue(double d, long n, long m) {
    return KolmogorovSmirnov.pValue(
        d, n, m, KolmogorovSmirnov.Alternative.TWO_SIDED, KolmogorovSmirnov.Method.AUTO);
  }

  private static double upperEnd(NumericBaseline numeric, int cell) {
    int edge = Math.min(cell / 2, numeric.partition().edgeCount() - 1);
    return numeric.partition().edge(edge);
  }

  private static String interval(double low, double high) {
    return low == high ? number(low) : "[" + number(low) + ", " + number(high) + "]";
  }
}
