package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.NotFoundException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of one model after some event of its log. Immutable.
 *
 * @param model the model's name
 * @param seq the event after which this is the state; 0 if nothing was ever registered
 * @param head the SHA-256 of that event in hexadecimal; keep it elsewhere to prove later that no
 *     end of the log was cut off
 * @param versions the versions by number
 * @param aliases what each alias points at
 * @param previous what {@code rollback} of each alias would point at
 * @param protections the protected aliases
 * @param approvals who approved which alias, by {@code "number@alias"}
 */
public record ModelSnapshot(
    String model,
    long seq,
    String head,
    SortedMap<Integer, ModelVersion> versions,
    Map<String, Integer> aliases,
    Map<String, Integer> previous,
    Map<String, Protection> protections,
    Map<String, Set<String>> approvals) {
  /** Creates a snapshot; collections are copied. */
  public ModelSnapshot {
    requireNonNull(model, "model");
    requireNonNull(head, "head");
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
    previous = Collections.unmodifiableMap(new TreeMap<>(previous));
    protections = Collections.unmodifiableMap(new TreeMap<>(protections));
    approvals = Collections.unmodifiableMap(new TreeMap<>(approvals));
  }

  /**
   * Finds a version by number.
   *
   * @param number the number
   * @return the version
   * @throws NotFoundException if there is none; the message says which there are
   */
  public ModelVersion version(int number) {
    ModelVersion version = versions.get(number);
    if (version == null) {
      throw new NotFoundException(
          "model '" + model + "' has no version " + number + "; " + describeVersions());
    }
    return version;
  }

  /**
   * Finds what an alias points at.
   *
   * @param alias the alias
   * @return the version, or empty if the alias points nowhere
   */
  public Optional<ModelVersion> aliased(String alias) {
    return Optional.ofNullable(aliases.get(requireNonNull(alias, "alias"))).map(this::version);
  }

  /**
   * Finds who approved that a version gets an alias.
   *
   * @param number the version
   * @param alias the alias
   * @return the approvers, sorted
   */
  public Set<String> approvers(int number, String alias) {
    return approvals.getOrDefault(number + "@" + alias, Set.of());
  }

  private String describeVersions() {
    return versions.isEmpty()
        ? "it has none"
        : "versions are " + versions.firstKey() + " to " + versions.lastKey();
  }
}
