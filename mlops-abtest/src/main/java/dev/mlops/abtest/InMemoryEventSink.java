package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.event.EventFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps events in memory up to a capacity. What is recorded is at once durable in its sense:
 * {@code written} equals {@code accepted}. Safe for use by several threads.
 */
public final class InMemoryEventSink implements EventSink {
  private final int capacity;
  private final EventFactory factory;
  private final Object lock = new Object();
  private final List<Event> events = new ArrayList<>();
  private long repeated;
  private long dropped;
  private boolean closed;

  /**
   * An empty sink.
   *
   * @param capacity the most events it keeps
   * @param clock dates the events
   */
  public InMemoryEventSink(int capacity, Clock clock) {
    this.capacity = (int) Checks.atLeast("capacity", 1, capacity);
    this.factory = new EventFactory(clock, Math.max(8, capacity));
  }

  @Override
  public boolean exposure(String unitId, Assignment assignment) {
    if (!assignment.inExperiment()) {
      return true;
    }
    long key = factory.key(unitId, assignment);
    synchronized (lock) {
      if (factory.seen(key)) {
        repeated++;
        return true;
      }
      boolean taken = take(factory.exposure(unitId, assignment));
      if (taken) {
        factory.remember(key);
      }
      return taken;
    }
  }

  @Override
  public boolean outcome(String unitId, String name, double value) {
    synchronized (lock) {
      return take(factory.outcome(unitId, name, value));
    }
  }

  private boolean take(Event event) {
    if (closed || events.size() >= capacity) {
      dropped++;
      return false;
    }
    return events.add(event);
  }

  /**
   * What was recorded.
   *
   * @return a copy, in order
   */
  public List<Event> events() {
    synchronized (lock) {
      return List.copyOf(events);
    }
  }

  @Override
  public Counts counts() {
    synchronized (lock) {
      return new Counts(events.size(), repeated, dropped, events.size());
    }
  }

  @Override
  public boolean flush(Duration timeout) {
    return true;
  }

  @Override
  public boolean close(Duration timeout) {
    synchronized (lock) {
      closed = true;
      return true;
    }
  }
}
