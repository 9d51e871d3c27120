package dev.mlops.abtest;

import dev.mlops.abtest.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The looks an analysis has taken so far. A group-sequential plan needs it to know what error is
 * spent; every plan uses it to draw the interval over time. Immutable.
 *
 * @param looks in the order they were taken
 */
public record LookHistory(List<Look> looks) {
  /**
   * One look.
   *
   * @param units units over all variants at the time
   * @param points one per metric and variant
   */
  public record Look(long units, List<Point> points) {
    /** Copies the list. */
    public Look {
      points = List.copyOf(points);
    }
  }

  /**
   * What one look saw of one metric.
   *
   * @param metric its name
   * @param variant compared with the control
   * @param difference variant minus control
   * @param interval of the difference, unless refused
   */
  public record Point(
      String metric, String variant, double difference, Optional<Interval> interval) {}

  /** Copies the list. */
  public LookHistory {
    looks = List.copyOf(looks);
  }

  /**
   * Before the first look.
   *
   * @return an empty history
   */
  public static LookHistory none() {
    return new LookHistory(List.of());
  }

  /** Without a look at exactly these units: judging the same data again is not another look. */
  LookHistory before(long units) {
    int last = looks.size() - 1;
    return last >= 0 && looks.get(last).units() == units
        ? new LookHistory(looks.subList(0, last))
        : this;
  }

  LookHistory plus(Look look) {
    List<Look> more = new ArrayList<>(looks);
    more.add(look);
    return new LookHistory(more);
  }
}
