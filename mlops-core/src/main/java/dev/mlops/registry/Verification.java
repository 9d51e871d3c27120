package dev.mlops.registry;

import java.util.List;

/**
 * What an audit of a registry found. Immutable.
 *
 * @param events how many events were checked: seal, order, chain and meaning
 * @param blobs how many contents were compared with their digest
 * @param objects how many objects the store holds in all
 * @param problems one sentence per problem, naming the object
 */
public record Verification(long events, long blobs, long objects, List<String> problems) {
  /** Creates a finding. */
  public Verification {
    problems = List.copyOf(problems);
  }

  /**
   * Tells whether everything is what was written.
   *
   * @return true if there is no problem
   */
  public boolean intact() {
    return problems.isEmpty();
  }
}
