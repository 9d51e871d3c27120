package dev.mlops.azure.internal;

import static java.util.Objects.requireNonNull;

import com.azure.core.http.HttpHeaderName;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Signal;

/*
 * Runs calls to Blob Storage until one is answered for good or the deadline passes.
 *
 * The one subtle case is a conditional create whose answer is lost: it may have been applied. A later attempt then
 * finds the object there (409 or 412) and cannot know from the status whose it is. It asks for the write id; only if
 * that is ours was the create ours.
 */
public final class BlobCalls {
  private static final int AT_ONCE = 16;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Duration timeout;
  private final String container;

  /**
   * Creates the runner.
   *
   * @param timeout for one call with all its attempts
   * @param container named in messages
   */
  public BlobCalls(Duration timeout, String container) {
    this.timeout = timeout;
    this.container = container;
  }

  /** Runs a call that always has a result. */
  public <T> T run(String what, Supplier<Mono<T>> call) {
    try {
      return new Attempts(what).until(call);
    } catch (Refused e) {
      throw e.typed();
    }
  }

  /** Runs a call whose object may be missing. */
  public <T> Optional<T> find(String what, Supplier<Mono<T>> call) {
    try {
      return Optional.of(new Attempts(what).until(call));
    } catch (Refused e) {
      if (e.is(404)) {
        return Optional.empty();
      }
      throw e.typed();
    }
  }

  /**
   * Runs calls at once, each for an object that may be missing, and gives the answers to the first
   * of them, up to one that is missing or has no answer. Only the first is waited for and tried
   * again.
   */
  public <T> List<Optional<T>> leading(String what, List<Supplier<Mono<T>>> calls) {
    return run(
        what,
        () -> Flux.fromIterable(calls)
            .flatMapSequential(call -> call.get().materialize(), AT_ONCE)
            .collectList()
            .flatMap(BlobCalls::answers));
  }

  private static <T> Mono<List<Optional<T>>> answers(List<Signal<T>> signals) {
    List<Optional<T>> answers = new ArrayList<>();
    for (Signal<T> signal : signals) {
      T result = signal.get();
      if (result != null) {
        answers.add(Optional.of(result));
        continue;
      }
      Throwable failure = requireNonNull(signal.getThrowable());
      if (failure instanceof BlobStorageException e && answeredWith(e, 404)) {
        answers.add(Optional.empty());
      }
      return answers.isEmpty() ? Mono.error(failure) : Mono.just(answers);
    }
    return Mono.just(answers);
  }

  /** Creates an object; true if this call did. */
  public boolean create(
      String what, Supplier<? extends Mono<?>> create, Supplier<Mono<Boolean>> isMine) {
    Attempts attempts = new Attempts(what);
    try {
      attempts.until(() -> create.get().thenReturn(Boolean.TRUE));
      return true;
    } catch (Refused e) {
      if (!e.is(409) && !e.is(412)) {
        throw e.typed();
      }
      if (!attempts.outcomeUnknown) {
        return false;
      }
    }
    try {
      return attempts.until(isMine);
    } catch (Refused e) {
      if (e.is(404)) {
        throw new UnavailableException(
            what + ": the object was deleted while it was being created; read it to know", e);
      }
      throw e.typed();
    }
  }

  private final class Attempts {
    private final String what;
    private final long deadline = System.nanoTime() + timeout.toNanos();
    private long pause = FIRST_PAUSE_MILLIS;
    private boolean outcomeUnknown;

    Attempts(String what) {
      this.what = what;
    }

    <T> T until(Supplier<Mono<T>> call) {
      while (true) {
        Throwable cause;
        long wait;
        try {
          long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
          T result = call.get().block(Duration.ofMillis(left));
          if (result == null) {
            throw new UnavailableException(
                what + " in container '" + container + "': empty answer");
          }
          return result;
        } catch (MlopsException e) {
          throw e;
        } catch (BlobStorageException e) {
          if (!retryable(e.getStatusCode())
              && !BlobErrorCode.CONTAINER_BEING_DELETED.equals(e.getErrorCode())) {
            throw new Refused(what, container, e);
          }
          outcomeUnknown |= e.getStatusCode() >= 500 || e.getStatusCode() == 408;
          cause = e;
          wait = retryAfter(e);
        } catch (RuntimeException e) {
          cause = Exceptions.unwrap(e);
          if (Thread.currentThread().isInterrupted()) {
            throw new UnavailableException("interrupted while " + what, cause);
          }
          if (!network(cause)) {
            throw new UnavailableException(
                what + " in container '" + container + "' failed: " + Failures.reason(cause),
                cause);
          }
          outcomeUnknown = true;
          wait = 0;
        }
        long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause);
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        long millis = Math.max(wait, jittered);
        if (System.nanoTime() + millis * 1_000_000 >= deadline) {
          throw new UnavailableException(
              what + " in container '" + container + "' did not succeed within " + timeout + ": "
                  + Failures.reason(cause),
              cause);
        }
        ArmClient.sleep(Duration.ofMillis(millis), what);
      }
    }
  }

  private static boolean retryable(int status) {
    return status == 408
        || status == 429
        || status == 500
        || status == 502
        || status == 503
        || status == 504;
  }

  private static boolean network(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    // Reactor's own timeout of block() is an IllegalStateException.
    return error instanceof IllegalStateException
        && String.valueOf(error.getMessage()).startsWith("Timeout on blocking read");
  }

  /** A container that is missing says nothing about an object. */
  private static boolean answeredWith(BlobStorageException e, int status) {
    return e.getStatusCode() == status
        && !BlobErrorCode.CONTAINER_NOT_FOUND.equals(e.getErrorCode());
  }

  private static long retryAfter(BlobStorageException e) {
    return e.getResponse() == null
        ? 0
        : RetryAfter.parse(
                e.getResponse().getHeaderValue(HttpHeaderName.RETRY_AFTER), Instant.now())
            .orElse(Duration.ZERO)
            .toMillis();
  }

  /** The service said no, for good. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient BlobStorageException cause;
    private final String what;
    private final String container;

    Refused(String what, String container, BlobStorageException cause) {
      super(cause);
      this.what = what;
      this.container = container;
      this.cause = cause;
    }

    boolean is(int status) {
      return answeredWith(cause, status);
    }

    MlopsException typed() {
      String message = what + " in container '" + container + "' was refused with "
          + cause.getStatusCode() + " (" + cause.getErrorCode() + ")";
      if (BlobErrorCode.CONTAINER_NOT_FOUND.equals(cause.getErrorCode())) {
        return new NotFoundException(
            "container '" + container + "' does not exist: " + what, cause);
      }
      return cause.getStatusCode() == 403 || cause.getStatusCode() == 401
          ? new UnavailableException(
              message + "; the identity needs the role Storage Blob Data Contributor", cause)
          : new UnavailableException(message, cause);
    }
  }
}
