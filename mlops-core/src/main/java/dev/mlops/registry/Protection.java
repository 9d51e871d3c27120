package dev.mlops.registry;

import dev.mlops.error.InvalidInputException;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who must agree before an alias moves. Immutable.
 *
 * @param required how many different approvers must agree; 0 lifts the protection
 * @param approvers who may, sorted
 */
public record Protection(int required, Set<String> approvers) {
  /** Creates a protection. */
  public Protection {
    approvers = Collections.unmodifiableSet(new TreeSet<>(approvers));
    if (required < 0 || required > approvers.size()) {
      throw new InvalidInputException("a protection needs 0 to " + approvers.size()
          + " of the approvers " + approvers + ", got " + required);
    }
  }

  /**
   * Asks for all of the named approvers.
   *
   * @param approvers their names as actors
   * @return the protection
   */
  public static Protection allOf(String... approvers) {
    Set<String> names = new TreeSet<>(Set.of(approvers));
    return new Protection(names.size(), names);
  }

  /**
   * Asks for some of the named approvers.
   *
   * @param required how many of them
   * @param approvers their names as actors
   * @return the protection
   */
  public static Protection anyOf(int required, String... approvers) {
    return new Protection(required, Set.of(approvers));
  }
}
