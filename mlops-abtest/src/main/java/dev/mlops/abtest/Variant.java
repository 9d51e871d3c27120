package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;

/**
 * One arm of an experiment. Immutable.
 *
 * @param key the name that appears in assignments and reports
 * @param weight its share relative to the other variants; 0 keeps the arm known but sends it nobody
 */
public record Variant(String key, int weight) {
  /** Checks the key's form and that the weight is not negative. */
  public Variant {
    Checks.name("variant", key);
    if (weight < 0) {
      throw Checks.invalid("variant '" + key + "': weight must be 0 or more, got " + weight);
    }
  }
}
