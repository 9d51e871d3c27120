package dev.mlops.registry.card;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a card knows because its version was registered. Immutable.
 *
 * @param version the version's number, from 1
 * @param actor who registered it
 * @param at when
 * @param reason why, as the actor said; empty if nothing was said
 * @param runId the run that made the model, if one is recorded
 * @param tags the version's tags at registration
 */
public record Registration(
    int version,
    String actor,
    Instant at,
    String reason,
    Optional<String> runId,
    Map<String, String> tags) {
  /** Creates a registration. */
  public Registration {
    requireNonNull(actor, "actor");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
    requireNonNull(runId, "runId");
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
