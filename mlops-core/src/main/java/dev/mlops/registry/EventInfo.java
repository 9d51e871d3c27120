package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What every event says about itself. Immutable.
 *
 * @param model the model whose log holds the event
 * @param seq the position in that log, from 1 without gaps; this, not the clock, is the order
 * @param id unique to the attempt that wrote the event
 * @param previous the SHA-256 of the event before, in hexadecimal; 64 zeros for the first
 * @param actor who did it
 * @param at when, by the actor's clock, which may be wrong
 * @param reason why; empty if nothing was said
 */
public record EventInfo(
    String model, long seq, String id, String previous, String actor, Instant at, String reason) {
  /** Creates the header of an event. */
  public EventInfo {
    requireNonNull(model, "model");
    requireNonNull(id, "id");
    requireNonNull(previous, "previous");
    requireNonNull(actor, "actor");
    requireNonNull(at, "at");
    requireNonNull(reason, "reason");
  }
}
