package dev.mlops.telemetry.alert.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Messages in order, each delivered once. The head is tried until it is taken, refused or too old;
 * meanwhile the others wait, so that an end never overtakes its beginning. Waiting times double up
 * to a bound and are shortened by chance to at least a half, so that many senders do not come back
 * together. Offering never blocks; attempts are made by one thread.
 */
public final class DeliveryQueue {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryQueue.class);

  private final LinkedBlockingQueue<Entry> waiting;
  private final Delivery delivery;
  private final Backoff backoff;
  private final Clock clock;
  private final RandomGenerator random;
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private int attempts;
  private Instant notBefore = Instant.MIN;

  /** How long to wait between attempts, and when to stop. */
  public record Backoff(Duration first, Duration longest, Duration giveUpAfter) {}

  private record Entry(Message message, Instant at) {}

  /** Creates an empty queue. */
  public DeliveryQueue(
      int capacity, Delivery delivery, Backoff backoff, Clock clock, RandomGenerator random) {
    this.waiting = new LinkedBlockingQueue<>(capacity);
    this.delivery = delivery;
    this.backoff = backoff;
    this.clock = clock;
    this.random = random;
  }

  /** Takes a message unless the queue is full. */
  public void offer(Message message) {
    if (!waiting.offer(new Entry(message, clock.instant()))) {
      drop(message, "the queue is full");
    }
  }

  /** Delivers what can be delivered now; returns how long to wait for the next attempt, if any. */
  public Optional<Duration> run() {
    for (Entry head = waiting.peek(); head != null; head = waiting.peek()) {
      Instant now = clock.instant();
      if (now.isBefore(notBefore)) {
        return Optional.of(Duration.between(now, notBefore));
      }
      Delivery.Result result = attempt(head.message());
      if (result instanceof Delivery.Later later) {
        if (!isTooOld(head)) {
          postpone(later);
          continue;
        }
        drop(head.message(), "it was refused for too long: " + later.reason());
      } else if (result instanceof Delivery.Refused refused) {
        drop(head.message(), refused.reason());
      } else {
        delivered.incrementAndGet();
      }
      waiting.remove();
      attempts = 0;
      notBefore = Instant.MIN;
    }
    return Optional.empty();
  }

  /** What an attempt throws must not end the thread that makes them. */
  private Delivery.Result attempt(Message message) {
    try {
      return delivery.attempt(message);
    } catch (RuntimeException e) {
      return new Delivery.Refused("it cannot be sent: " + e.getClass().getSimpleName());
    } catch (Error e) {
      return new Delivery.Later(e.getClass().getSimpleName(), Duration.ZERO);
    }
  }

  private boolean isTooOld(Entry entry) {
    return Duration.between(entry.at(), clock.instant()).compareTo(backoff.giveUpAfter()) > 0;
  }

  private void postpone(Delivery.Later later) {
    if (attempts == 0) {
      LOG.warn("An alert could not be delivered and will be tried again: {}", later.reason());
    }
    long doubled = backoff.first().toMillis() << Math.min(attempts, 20);
    long bounded = Math.min(doubled, backoff.longest().toMillis());
    long wait = bounded / 2 + random.nextLong(bounded / 2 + 1);
    attempts++;
    notBefore = clock.instant().plusMillis(Math.max(wait, later.atLeast().toMillis()));
  }

  private void drop(Message message, String reason) {
    dropped.incrementAndGet();
    LOG.warn("Alert {} is dropped: {}", message.id(), reason);
  }

  /** Returns how many messages wait. */
  public int pending() {
    return waiting.size();
  }

  /** Returns how many messages were taken by the receiver. */
  public long delivered() {
    return delivered.get();
  }

  /** Returns how many messages were given up. */
  public long dropped() {
    return dropped.get();
  }
}
