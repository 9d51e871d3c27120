package dev.mlops.registry;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a gate may look at: the state that the promotion would follow in the log, so that nothing
 * can change between judging and moving. Immutable.
 */
public interface GateContext {
  /**
   * Returns the version that wants the alias.
   *
   * @return the candidate
   */
  ModelVersion candidate();

  /**
   * Returns the version that has the alias.
   *
   * @return the champion, or empty if the alias points nowhere
   */
  Optional<ModelVersion> champion();

  /**
   * Returns the alias that is asked for.
   *
   * @return the alias
   */
  String alias();

  /**
   * Returns who approved the candidate for the alias.
   *
   * @return the approvers
   */
  Set<String> approvals();

  /**
   * Returns the time of the decision.
   *
   * @return now, by the registry's clock
   */
  Instant now();

  /**
   * Reads a file of a version, verified.
   *
   * @param version the candidate or the champion
   * @param artifact the file's name
   * @return the content, or empty if the version has no such file
   * @throws dev.mlops.error.CorruptException if the content is not what was registered
   */
  Optional<byte[]> read(ModelVersion version, String artifact);
}
