package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.stats.Interval;
import java.util.List;

/** What is known about the units of one variant in one epoch. Not safe for several threads. */
public final class Cell {
  private final List<Metric> metrics;
  private final OutcomeNames names;
  private final CoMoments[] moments;
  private final CoMoments[] numerators;
  private final CoMoments[] denominators;
  private final ValueSketch[] sketches;
  private final long[] notFinite;
  private long units;

  public Cell(List<Metric> metrics) {
    this.metrics = metrics;
    this.names = new OutcomeNames(metrics);
    this.moments = new CoMoments[metrics.size()];
    this.numerators = new CoMoments[metrics.size()];
    this.denominators = new CoMoments[metrics.size()];
    this.sketches = new ValueSketch[metrics.size()];
    this.notFinite = new long[metrics.size()];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = new CoMoments();
      numerators[i] = new CoMoments();
      denominators[i] = new CoMoments();
      sketches[i] = new ValueSketch();
    }
  }

  public OutcomeNames names() {
    return names;
  }

  public void addUnit(UnitOutcomes outcomes) {
    units++;
    for (int i = 0; i < moments.length; i++) {
      add(i, metrics.get(i), outcomes);
    }
  }

  private void add(int i, Metric metric, UnitOutcomes outcomes) {
    Metric.Kind kind = metric.kind();
    int first = names.indexOf(kind.outcomes().get(0));
    double y = outcomes.sum(first);
    double x = metric.covariate().map(c -> outcomes.sum(names.indexOf(c))).orElse(0.0);
    double denominator = kind instanceof Metric.Kind.Ratio ratio
        ? outcomes.sum(names.indexOf(ratio.denominator()))
        : 1;
    if (!Double.isFinite(y) || !Double.isFinite(x) || !Double.isFinite(denominator)) {
      notFinite[i]++;
      return;
    }
    if (kind instanceof Metric.Kind.Ratio) {
      moments[i].add(y, denominator);
      numerators[i].add(y, x);
      denominators[i].add(denominator, x);
      return;
    }
    if (kind instanceof Metric.Kind.Quantile) {
      if (outcomes.count(first) > 0) {
        sketches[i].add(y / outcomes.count(first));
        moments[i].add(y / outcomes.count(first), 0);
      }
      return;
    }
    if (kind instanceof Metric.Kind.Proportion) {
      y = y > 0 ? 1 : 0;
    }
    if (metric.bounds().isPresent()) {
      Interval bounds = metric.bounds().get();
      y = Math.max(bounds.low(), Math.min(bounds.high(), y));
    }
    moments[i].add(y, x);
  }

  /** Adds units of which only the moments of one metric are known. */
  public void addSummary(Metric metric, CoMoments summary) {
    moments[indexOf(metric)].addAll(summary);
    units = Math.max(units, moments[indexOf(metric)].n());
  }

  public void addAll(Cell other) {
    units += other.units;
    for (int i = 0; i < moments.length; i++) {
      moments[i].addAll(other.moments[i]);
      numerators[i].addAll(other.numerators[i]);
      denominators[i].addAll(other.denominators[i]);
      sketches[i].addAll(other.sketches[i]);
      notFinite[i] += other.notFinite[i];
    }
  }

  public Cell copy() {
    Cell copy = new Cell(metrics);
    copy.addAll(this);
    return copy;
  }

  public long units() {
    return units;
  }

  /** Outcome and covariate; of a ratio, numerator and denominator. */
  public CoMoments moments(Metric metric) {
    return moments[indexOf(metric)];
  }

  /** A ratio's numerator and covariate. */
  CoMoments numerator(Metric metric) {
    return numerators[indexOf(metric)];
  }

  /** A ratio's denominator and covariate. */
  CoMoments denominator(Metric metric) {
    return denominators[indexOf(metric)];
  }

  public ValueSketch sketch(Metric metric) {
    return sketches[indexOf(metric)];
  }

  public long notFinite(Metric metric) {
    return notFinite[indexOf(metric)];
  }

  private int indexOf(Metric metric) {
    int i = metrics.indexOf(metric);
    if (i < 0) {
      throw Checks.invalid(
          "the data was not collected for metric " + metric + "; it has " + metrics);
    }
    return i;
  }
}
