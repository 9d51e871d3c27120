package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a served model is doing, at one moment. Immutable.
 *
 * @param live whether it still follows its reference; false once closed, or once the executor that
 *     refreshes it or the repeated refresh has ended, which only opening it anew mends
 * @param ready whether it answers; also true while degraded, as the last good version serves on
 * @param model the version that serves
 * @param description what it is, why it is not the compiled form if it is not, and whether there
 *     was nothing to check it by
 * @param servingSince when it began to serve
 * @param checkedAt when the source was last asked with success
 * @param degraded why the latest refresh failed, or since when one has been running for too long;
 *     empty while all is well
 * @param failedRefreshes how many refreshes have failed since the last success
 * @param listenerFailures how often a listener threw
 * @param problems how many values differed from the signature, by kind
 */
public record ModelHealth(
    boolean live,
    boolean ready,
    ServedModel model,
    String description,
    Instant servingSince,
    Instant checkedAt,
    Optional<String> degraded,
    int failedRefreshes,
    long listenerFailures,
    Map<SignatureProblem, Long> problems) {

  /** Creates a report; the map is copied. */
  public ModelHealth {
    requireNonNull(model, "model");
    requireNonNull(description, "description");
    requireNonNull(servingSince, "servingSince");
    requireNonNull(checkedAt, "checkedAt");
    requireNonNull(degraded, "degraded");
    var copy = new EnumMap<SignatureProblem, Long>(SignatureProblem.class);
    copy.putAll(problems);
    problems = Collections.unmodifiableMap(copy);
  }
}
