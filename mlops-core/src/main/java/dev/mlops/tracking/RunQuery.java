package dev.mlops.tracking;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Which runs to find and in which order. All conditions must hold. Immutable. */
public final class RunQuery {
  private static final RunQuery ALL = new RunQuery(run -> true, (a, b) -> 0, Integer.MAX_VALUE);

  private final Predicate<RunRecord> condition;
  private final Comparator<RunRecord> order;
  private final int limit;

  private RunQuery(Predicate<RunRecord> condition, Comparator<RunRecord> order, int limit) {
    this.condition = condition;
    this.order = order;
    this.limit = limit;
  }

  /**
   * Finds every run in the order of start.
   *
   * @return the query
   */
  public static RunQuery all() {
    return ALL;
  }

  /**
   * Asks for a status.
   *
   * @param status the status
   * @return the narrower query
   */
  public RunQuery status(RunStatus status) {
    return where(run -> run.status() == status);
  }

  /**
   * Asks for a parameter.
   *
   * @param name the parameter's name
   * @param value its value as text
   * @return the narrower query
   */
  public RunQuery param(String name, Object value) {
    String text = String.valueOf(value);
    return where(run -> text.equals(run.params().get(name)));
  }

  /**
   * Asks for a tag.
   *
   * @param key the tag's name
   * @param value its value
   * @return the narrower query
   */
  public RunQuery tag(String key, String value) {
    return where(run -> value.equals(run.tags().get(key)));
  }

  /**
   * Asks for a metric of at least some value; NaN and a missing metric are not.
   *
   * @param metric the metric's name
   * @param minimum the smallest accepted value
   * @return the narrower query
   */
  public RunQuery metricAtLeast(String metric, double minimum) {
    return where(run -> run.metrics().getOrDefault(metric, Double.NaN) >= minimum);
  }

  /**
   * Asks for a metric of at most some value; NaN and a missing metric are not.
   *
   * @param metric the metric's name
   * @param maximum the largest accepted value
   * @return the narrower query
   */
  public RunQuery metricAtMost(String metric, double maximum) {
    return where(run -> run.metrics().getOrDefault(metric, Double.NaN) <= maximum);
  }

  /**
   * Asks for any other condition.
   *
   * @param other the condition
   * @return the narrower query
   */
  public RunQuery where(Predicate<RunRecord> other) {
    return new RunQuery(condition.and(requireNonNull(other, "other")), order, limit);
  }

  /**
   * Puts the highest values first; runs without the metric, or with NaN, come last.
   *
   * @param metric the metric's name
   * @return the ordered query
   */
  public RunQuery highestFirst(String metric) {
    return ordered(metric, -1);
  }

  /**
   * Puts the lowest values first; runs without the metric, or with NaN, come last.
   *
   * @param metric the metric's name
   * @return the ordered query
   */
  public RunQuery lowestFirst(String metric) {
    return ordered(metric, 1);
  }

  private RunQuery ordered(String metric, double sign) {
    // Double.compare puts NaN last, whatever its sign.
    Comparator<RunRecord> byMetric =
        Comparator.comparingDouble(run -> sign * run.metrics().getOrDefault(metric, Double.NaN));
    return new RunQuery(condition, byMetric, limit);
  }

  /**
   * Keeps only the first runs.
   *
   * @param count how many at most, positive
   * @return the shorter query
   */
  public RunQuery limit(int count) {
    if (count < 1) {
      throw new InvalidInputException("limit must be >= 1, got " + count);
    }
    return new RunQuery(condition, order, count);
  }

  /**
   * Applies the query.
   *
   * @param runs the runs to choose from
   * @return those that match, in order
   */
  public List<RunRecord> apply(List<RunRecord> runs) {
    return runs.stream().filter(condition).sorted(order).limit(limit).toList();
  }
}
