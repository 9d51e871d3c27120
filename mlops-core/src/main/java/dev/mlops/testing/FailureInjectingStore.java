package dev.mlops.testing;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A store that fails the way real ones do: it loses replies after applying a write, answers
 * "already there" to its own write, fails before writing, or is down altogether. Seeded, so a
 * failure can be repeated. Safe for use by several threads.
 */
public final class FailureInjectingStore implements ObjectStore {
  private final ObjectStore target;
  private final RandomGenerator random;
  private final double lostReply;
  private final double ownConflict;
  private final double failedWrite;
  private final double failedRead;
  private final AtomicLong injected = new AtomicLong();
  private volatile boolean down;

  private FailureInjectingStore(Builder builder) {
    this.target = builder.target;
    this.random = builder.random;
    this.lostReply = builder.lostReply;
    this.ownConflict = builder.ownConflict;
    this.failedWrite = builder.failedWrite;
    this.failedRead = builder.failedRead;
  }

  /**
   * Starts a store that fails on top of one that works.
   *
   * @param target keeps the objects; closed with this store
   * @param random decides what fails; calls are serialised
   * @return a builder whose probabilities are all 0
   */
  public static Builder builder(ObjectStore target, RandomGenerator random) {
    return new Builder(target, random);
  }

  /**
   * Takes the store down or up again.
   *
   * @param nowDown true to let every call fail
   */
  public void down(boolean nowDown) {
    this.down = nowDown;
  }

  /**
   * Counts the failures so far.
   *
   * @return failures injected by probability
   */
  public long injected() {
    return injected.get();
  }

  @Override
  public Optional<byte[]> get(String key) {
    failIfDown();
    if (happens(failedRead)) {
      throw new UnavailableException("injected: read of " + key + " failed");
    }
    return target.get(key);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    failIfDown();
    if (happens(failedWrite)) {
      throw new UnavailableException("injected: write of " + key + " failed before it began");
    }
    boolean created = target.putIfAbsent(key, content);
    if (happens(lostReply)) {
      throw new UnavailableException("injected: reply to the write of " + key + " was lost");
    }
    return created && !happens(ownConflict);
  }

  @Override
  public List<String> list(String prefix) {
    failIfDown();
    return target.list(prefix);
  }

  @Override
  public void delete(String key) {
    failIfDown();
    target.delete(key);
  }

  @Override
  public void close() {
    target.close();
  }

  private void failIfDown() {
    if (down) {
      throw new UnavailableException("injected: the store is down");
    }
  }

  private boolean happens(double probability) {
    if (probability <= 0) {
      return false;
    }
    boolean happens;
    synchronized (random) {
      happens = random.nextDouble() < probability;
    }
    if (happens) {
      injected.incrementAndGet();
    }
    return happens;
  }

  /** Collects probabilities from 0 to 1. Not safe for use by several threads. */
  public static final class Builder {
    private final ObjectStore target;
    private final RandomGenerator random;
    private double lostReply;
    private double ownConflict;
    private double failedWrite;
    private double failedRead;

    private Builder(ObjectStore target, RandomGenerator random) {
      this.target = requireNonNull(target, "target");
      this.random = requireNonNull(random, "random");
    }

    /**
     * A write is applied, then reported as failed.
     *
     * @param probability from 0 to 1
     * @return this builder
     */
    public Builder lostReply(double probability) {
      this.lostReply = require(probability);
      return this;
    }

    /**
     * A write is applied, then reported as a conflict with itself, as after a retry inside a client
     * library.
     *
     * @param probability from 0 to 1
     * @return this builder
     */
    public Builder ownConflict(double probability) {
      this.ownConflict = require(probability);
      return this;
    }

    /**
     * A write fails before it is applied.
     *
     * @param probability from 0 to 1
     * @return this builder
     */
    public Builder failedWrite(double probability) {
      this.failedWrite = require(probability);
      return this;
    }

    /**
     * A read fails.
     *
     * @param probability from 0 to 1
     * @return this builder
     */
    public Builder failedRead(double probability) {
      this.failedRead = require(probability);
      return this;
    }

    /**
     * Creates the store.
     *
     * @return the store, up
     */
    public FailureInjectingStore build() {
      return new FailureInjectingStore(this);
    }

    private static double require(double probability) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new InvalidInputException("a probability is from 0 to 1, got " + probability);
      }
      return probability;
    }
  }
}
