package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.Assignment;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventSink;
import dev.mlops.abtest.EventWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One lock guards the queue and all counters, so that "accepted = written + failed + waiting" holds at
 * every moment and flush can wait for a sequence number. The lock is never held while writing.
 */
/** A bounded queue in front of an {@link EventWriter}, emptied by one thread of its own. */
public final class QueueingEventSink implements EventSink {
  private static final Logger LOG = LoggerFactory.getLogger(QueueingEventSink.class);
  private static final int BATCH = 4096;

  private final EventWriter writer;
  private final EventFactory factory;
  private final int capacity;
  private final Thread thread;
  private final Object lock = new Object();
  private final LongAdder repeated = new LongAdder();
  private final ArrayDeque<Event> queue = new ArrayDeque<>();
  private long accepted;
  private long dropped;
  private long written;
  private long finished;

  /** Events with the writer. */
  private int writing;

  /** How many of those a close counted as dropped before that was known. */
  private int givenUp;

  private boolean closed;
  private boolean terminated;
  private boolean warned;

  public QueueingEventSink(EventWriter writer, int capacity, int rememberedUnits, Clock clock) {
    this.writer = writer;
    this.capacity = capacity;
    this.factory = new EventFactory(clock, rememberedUnits);
    this.thread = new Thread(this::run, "experiment-events");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public boolean exposure(String unitId, Assignment assignment) {
    if (!assignment.inExperiment()) {
      return true;
    }
    long key = factory.key(unitId, assignment);
    if (factory.seen(key)) {
      repeated.increment();
      return true;
    }
    boolean taken = offer(factory.exposure(unitId, assignment));
    if (taken) {
      factory.remember(key);
    }
    return taken;
  }

  @Override
  public boolean outcome(String unitId, String name, double value) {
    return offer(factory.outcome(unitId, name, value));
  }

  private boolean offer(Event event) {
    synchronized (lock) {
      if (closed || queue.size() >= capacity) {
        dropped++;
        return false;
      }
      queue.add(event);
      accepted++;
      if (queue.size() == 1) {
        lock.notifyAll();
      }
      return true;
    }
  }

  private void run() {
    try {
      for (List<Event> batch = next(); !batch.isEmpty(); batch = next()) {
        int lost = write(batch);
        synchronized (lock) {
          finished += batch.size();
          written += batch.size() - lost;
          dropped += lost - givenUp;
          givenUp = 0;
          writing = 0;
          lock.notifyAll();
        }
      }
    } finally {
      closeWriter();
      synchronized (lock) {
        terminated = true;
        lock.notifyAll();
      }
    }
  }

  /** Waits for events; empty once the sink is closed and nothing is left. */
  private List<Event> next() {
    synchronized (lock) {
      while (queue.isEmpty() && !closed) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      List<Event> batch = new ArrayList<>(Math.min(BATCH, queue.size()));
      while (batch.size() < BATCH && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      writing = batch.size();
      return batch;
    }
  }

  /** The request path never learns of a failure: what is lost is counted, and logged once. */
  private int write(List<Event> batch) {
    try {
      writer.write(batch);
      return 0;
    } catch (IOException | RuntimeException e) {
      if (!warned) {
        warned = true;
        LOG.warn("Experiment events cannot be written; they are counted as dropped", e);
      }
      return e instanceof EventWriter.PartlyWritten partly
          ? Math.min(partly.lost(), batch.size())
          : batch.size();
    }
  }

  private void closeWriter() {
    try {
      writer.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The writer of experiment events did not close", e);
    }
  }

  @Override
  public Counts counts() {
    synchronized (lock) {
      return new Counts(accepted, repeated.sum(), dropped, written);
    }
  }

  @Override
  public boolean flush(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      long target = accepted;
      while (finished < target && !terminated) {
        if (!await(deadline)) {
          return false;
        }
      }
      return finished >= target;
    }
  }

  @Override
  public boolean close(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
      while (!terminated) {
        if (!await(deadline)) {
          dropped += queue.size() + writing - givenUp;
          givenUp = writing;
          finished += queue.size();
          queue.clear();
          return false;
        }
      }
      return true;
    }
  }

  /** Waits once, up to the deadline; false when it has passed or the caller is interrupted. */
  private boolean await(long deadline) {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      return false;
    }
    try {
      lock.wait(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
