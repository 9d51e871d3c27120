package dev.mlops.testing;

import static java.util.Objects.requireNonNull;

/**
 * One named rule of a contract. Running it returns normally or throws {@link AssertionError}.
 * Immutable.
 *
 * <p>In JUnit: {@code contract().stream().map(c -> dynamicTest(c.name(), c::run))} in a
 * {@code @TestFactory} method.
 *
 * @param name what must hold, as a sentence
 * @param body proves it
 */
public record Check(String name, Body body) {

  /** The proof of a rule; may throw anything. */
  @FunctionalInterface
  public interface Body {
    /**
     * Proves the rule.
     *
     * @throws Exception if the rule does not hold or the proof could not be made
     */
    void run() throws Exception;
  }

  /** Creates a check. */
  public Check {
    requireNonNull(name, "name");
    requireNonNull(body, "body");
  }

  /**
   * Runs the check.
   *
   * @throws Exception if the rule does not hold or the proof could not be made
   */
  public void run() throws Exception {
    body.run();
  }
}
