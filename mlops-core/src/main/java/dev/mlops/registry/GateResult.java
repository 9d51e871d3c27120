package dev.mlops.registry;

import dev.mlops.error.InvalidInputException;
import java.util.List;

/** What a gate found, with its reasons. Immutable. */
public sealed interface GateResult {
  /**
   * Returns why, one sentence per condition, each with the numbers compared.
   *
   * @return at least one reason
   */
  List<String> reasons();

  /**
   * Tells whether the promotion may go ahead.
   *
   * @return true for {@link Pass}
   */
  default boolean passed() {
    return this instanceof Pass;
  }

  /**
   * Joins the reasons.
   *
   * @return one line
   */
  default String explanation() {
    return String.join("; ", reasons());
  }

  /**
   * Creates a pass.
   *
   * @param reason why
   * @return the result
   */
  static GateResult pass(String reason) {
    return new Pass(List.of(reason));
  }

  /**
   * Creates a rejection.
   *
   * @param reason why
   * @return the result
   */
  static GateResult reject(String reason) {
    return new Reject(List.of(reason), false);
  }

  /**
   * Creates a rejection because there is nothing to judge by: a metric is missing or NaN, rows
   * differ. {@link Gate#not} does not turn it into a pass.
   *
   * @param reason why
   * @return the result
   */
  static GateResult undecidable(String reason) {
    return new Reject(List.of(reason), true);
  }

  /**
   * The condition holds.
   *
   * @param reasons why
   */
  record Pass(List<String> reasons) implements GateResult {
    /** Creates a pass. */
    public Pass {
      reasons = requireReasons(reasons);
    }
  }

  /**
   * The condition does not hold, or cannot be judged.
   *
   * @param reasons why
   * @param undecidable true if it cannot be judged
   */
  record Reject(List<String> reasons, boolean undecidable) implements GateResult {
    /** Creates a rejection. */
    public Reject {
      reasons = requireReasons(reasons);
    }
  }

  private static List<String> requireReasons(List<String> reasons) {
    if (reasons.isEmpty()) {
      throw new InvalidInputException("a gate result explains itself, got no reason");
    }
    return List.copyOf(reasons);
  }
}
