package dev.mlops.testing;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when told to, also backwards. Safe for use by several threads. */
public final class ManualClock extends Clock {
  private final AtomicReference<Instant> now;
  private final ZoneId zone;

  private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  /**
   * Creates a clock in UTC.
   *
   * @param now the first reading
   * @return the clock
   */
  public static ManualClock at(Instant now) {
    return new ManualClock(new AtomicReference<>(requireNonNull(now, "now")), ZoneOffset.UTC);
  }

  /**
   * Moves the clock.
   *
   * @param amount how far; negative moves it back
   */
  public void advance(Duration amount) {
    now.updateAndGet(reading -> reading.plus(amount));
  }

  /**
   * Sets the clock.
   *
   * @param reading the next reading
   */
  public void set(Instant reading) {
    now.set(requireNonNull(reading, "reading"));
  }

  @Override
  public Instant instant() {
    return requireNonNull(now.get());
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId other) {
    return new ManualClock(now, other);
  }
}
