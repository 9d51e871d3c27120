package dev.mlops.azure.internal;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is opened when first asked for, unless the application brought its own. */
public final class Part<T> {
  private final @Nullable Supplier<T> own;
  private final Supplier<T> open;
  private final Object lock = new Object();
  private @Nullable T opened;

  /** Describes a part. */
  public Part(@Nullable Supplier<T> own, Supplier<T> open) {
    this.own = own;
    this.open = open;
  }

  /** The part; opened if need be. */
  public T get() {
    if (own != null) {
      return own.get();
    }
    synchronized (lock) {
      T now = opened;
      if (now == null) {
        now = open.get();
        opened = now;
      }
      return now;
    }
  }

  /** The part if it was opened here. */
  public Optional<T> opened() {
    synchronized (lock) {
      return Optional.ofNullable(opened);
    }
  }
}
