package dev.mlops.abtest;

import java.util.List;
import java.util.OptionalLong;

/**
 * What to do. Code that promotes a variant takes a {@link ShipWinner}, which only an analysis can
 * make: it cannot be had with a broken sample ratio, before the plan allows, or with an open
 * guardrail. Immutable.
 *
 * <pre>{@code
 * if (report.verdict() instanceof Verdict.ShipWinner winner) {
 *   promote(winner);
 * }
 * }</pre>
 */
public sealed interface Verdict {
  /**
   * One sentence for people.
   *
   * @return the reason in words
   */
  String summary();

  /** A variant improved a goal and kept every guardrail. */
  final class ShipWinner implements Verdict {
    private final String experiment;
    private final String variant;
    private final List<MetricResult> evidence;

    ShipWinner(String experiment, String variant, List<MetricResult> evidence) {
      this.experiment = experiment;
      this.variant = variant;
      this.evidence = List.copyOf(evidence);
    }

    /**
     * The experiment.
     *
     * @return its key
     */
    public String experiment() {
      return experiment;
    }

    /**
     * The variant to ship.
     *
     * @return its key
     */
    public String variant() {
      return variant;
    }

    /**
     * What it was decided on.
     *
     * @return the winner's results, one per metric
     */
    public List<MetricResult> evidence() {
      return evidence;
    }

    @Override
    public String summary() {
      List<String> improved = evidence.stream()
          .filter(r -> r.status() == MetricResult.Status.BETTER)
          .map(r -> r.metric().name())
          .toList();
      return "Ship '" + variant + "': it improves " + String.join(", ", improved) + ".";
    }

    @Override
    public String toString() {
      return "ShipWinner[" + summary() + "]";
    }
  }

  /**
   * The control stays.
   *
   * @param summary why
   */
  record KeepControl(String summary) implements Verdict {}

  /**
   * No decision yet. A variant that waits for anything but more evidence shows no p-value.
   *
   * @param refusals what is missing, at least one
   * @param needed how many more units are expected to settle it, where that can be told
   */
  record NotYet(List<Refusal> refusals, OptionalLong needed) implements Verdict {
    /** Copies the list. */
    public NotYet {
      refusals = List.copyOf(refusals);
    }

    @Override
    public String summary() {
      String more = needed.isPresent() ? " About " + needed.getAsLong() + " more units." : "";
      return "Not yet: " + Verdict.join(refusals) + more;
    }
  }

  /**
   * The data cannot be judged; no p-value is given.
   *
   * @param refusals why, at least one
   */
  record Invalid(List<Refusal> refusals) implements Verdict {
    /** Copies the list. */
    public Invalid {
      refusals = List.copyOf(refusals);
    }

    @Override
    public String summary() {
      return "Invalid: " + Verdict.join(refusals);
    }
  }

  private static String join(List<Refusal> refusals) {
    return String.join(" ", refusals.stream().map(Refusal::message).toList());
  }
}
