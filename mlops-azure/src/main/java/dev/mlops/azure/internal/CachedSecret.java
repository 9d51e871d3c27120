package dev.mlops.azure.internal;

import dev.mlops.error.MlopsException;
import dev.mlops.error.UnavailableException;
import dev.mlops.secret.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One secret and its age. Safe for use by several threads; one of them at a time asks, and the
 * others have the value that is held, if there is one to serve, while it does.
 */
public final class CachedSecret {
  private static final Logger LOG = LoggerFactory.getLogger(CachedSecret.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

  private final String name;
  private final Duration refreshAfter;
  private final Duration maxAge;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable Held held;
  private Instant nextTry = Instant.MIN;
  private boolean warned;

  /** Creates an empty one. */
  public CachedSecret(String name, Duration refreshAfter, Duration maxAge, Clock clock) {
    this.name = name;
    this.refreshAfter = refreshAfter;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /** The value, asked for when it is too old. */
  public Optional<Secret> value(Supplier<Optional<Secret>> fetch) {
    Held now = held;
    if (now != null && now.isYoungerThan(refreshAfter, clock.instant())) {
      return Optional.of(now.value);
    }
    if (now != null && now.isYoungerThan(maxAge, clock.instant())) {
      // Another thread is asking; it may take as long as the vault does.
      if (!asking.tryLock()) {
        return Optional.of(now.value);
      }
    } else {
      asking.lock();
    }
    try {
      return asked(fetch);
    } finally {
      asking.unlock();
    }
  }

  private Optional<Secret> asked(Supplier<Optional<Secret>> fetch) {
    Held now = held;
    Instant instant = clock.instant();
    if (now != null
        && (now.isYoungerThan(refreshAfter, instant)
            || (instant.isBefore(nextTry) && now.isYoungerThan(maxAge, instant)))) {
      return Optional.of(now.value);
    }
    try {
      Optional<Secret> value = fetch.get();
      held = value.isPresent() ? new Held(value.get(), clock.instant()) : null;
      nextTry = Instant.MIN;
      warned = false;
      return value;
    } catch (Disabled e) {
      held = null;
      throw new UnavailableException(String.valueOf(e.getMessage()));
    } catch (MlopsException e) {
      instant = clock.instant();
      nextTry = instant.plus(PAUSE_AFTER_FAILURE);
      if (now != null && now.isYoungerThan(maxAge, instant)) {
        if (!warned) {
          warned = true;
          LOG.warn(
              "{}; the value of {} is used until it is {} old", e.getMessage(), now.at, maxAge);
        }
        return Optional.of(now.value);
      }
      if (now != null) {
        held = null;
        throw new UnavailableException(
            e.getMessage() + "; the last value of '" + name + "' is older than " + maxAge, e);
      }
      throw e;
    }
  }

  private static final class Held {
    private final Secret value;
    private final Instant at;

    Held(Secret value, Instant at) {
      this.value = value;
      this.at = at;
    }

    boolean isYoungerThan(Duration age, Instant now) {
      return Duration.between(at, now).compareTo(age) < 0;
    }
  }

  /** The vault has the secret and does not give it out. */
  public static final class Disabled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public Disabled(String message) {
      super(message);
    }
  }
}
