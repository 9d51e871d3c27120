package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.Metric;
import dev.mlops.abtest.internal.Checks;
import java.util.List;
import java.util.Map;

/** What is known about the units of one variant in one epoch. Not safe for several threads. */
public final class Cell {
  private final List<Metric> metrics;
  private final CoMoments[] moments;
  private final long[] notFinite;
  private long units;

  public Cell(List<Metric> metrics) {
    this.metrics = metrics;
    this.moments = new CoMoments[metrics.size()];
    this.notFinite = new long[metrics.size()];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = new CoMoments();
    }
  }

  public void addUnit(Map<String, Double> outcomes) {
    units++;
    for (int i = 0; i < moments.length; i++) {
      double y = MetricValue.of(metrics.get(i).kind(), outcomes);
      if (Double.isFinite(y)) {
        moments[i].add(y, 0);
      } else {
        notFinite[i]++;
      }
    }
  }

  public void addAll(Cell other) {
    units += other.units;
    for (int i = 0; i < moments.length; i++) {
      moments[i].addAll(other.moments[i]);
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

  public CoMoments moments(Metric metric) {
    return moments[indexOf(metric)];
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
