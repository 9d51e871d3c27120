package dev.mlops.telemetry.alert.internal;

import java.time.Duration;

/** One attempt to hand a message over. */
@FunctionalInterface
public interface Delivery {

  /** How an attempt ended. */
  sealed interface Result {}

  /** The receiver has it. */
  record Delivered() implements Result {}

  /** The receiver does not want it; asking again is useless. */
  record Refused(String reason) implements Result {}

  /** It may work later, not before the stated time has passed. */
  record Later(String reason, Duration atLeast) implements Result {}

  /** Tries once; may take as long as its timeout. */
  Result attempt(Message message);
}
