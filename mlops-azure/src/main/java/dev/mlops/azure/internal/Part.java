package dev.mlops.azure.internal;

import dev.mlops.error.UnavailableException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Two locks: opening may take long, and closing must not wait for it. What is opened while the part closes is closed by
 * who opened it.
 */
/** Something that is opened when first asked for, unless the application brought its own. */
public final class Part<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Part.class);

  private final @Nullable Supplier<T> own;
  private final Supplier<T> open;
  private final Object opening = new Object();
  private final Object state = new Object();
  private @Nullable T opened;
  private boolean closed;

  /** Describes a part. */
  public Part(@Nullable Supplier<T> own, Supplier<T> open) {
    this.own = own;
    this.open = open;
  }

  /** The part; opened if need be, which is refused once the part is closed. */
  public T get() {
    if (own != null) {
      return own.get();
    }
    synchronized (opening) {
      Optional<T> before = openedBefore();
      return before.isPresent() ? before.get() : keep(open.get());
    }
  }

  private Optional<T> openedBefore() {
    synchronized (state) {
      if (opened == null && closed) {
        throw isClosed();
      }
      return Optional.ofNullable(opened);
    }
  }

  private T keep(T now) {
    synchronized (state) {
      if (!closed) {
        opened = now;
        return now;
      }
    }
    close(now);
    throw isClosed();
  }

  /** Opens nothing from now on; the part if it was opened here, which the caller closes. */
  public Optional<T> close() {
    synchronized (state) {
      closed = true;
      return Optional.ofNullable(opened);
    }
  }

  /** Closes what can be closed; a failure is logged. */
  public static void close(Object part) {
    if (part instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("A part could not be closed", e);
      }
    }
  }

  private static UnavailableException isClosed() {
    return new UnavailableException("the Azure adapters are closed: nothing is opened any more");
  }
}
