package dev.mlops.training.tribuo;

import dev.mlops.error.UnavailableException;
import java.io.ObjectInputFilter;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses Java deserialisation on one thread while a model is parsed (JEP 415). Some Tribuo models
 * hide a serialised object inside their protobuf. None of the classes that are loaded by default
 * does, so the process-wide filter factory is installed only when a caller allows further classes.
 */
final class SerialFilter {
  /** Applies the filter of the parsing thread; elsewhere it does what Java does without it. */
  private static final class PerThread implements BinaryOperator<@Nullable ObjectInputFilter> {
    private final ThreadLocal<Boolean> refusing = ThreadLocal.withInitial(() -> false);

    @Override
    public @Nullable ObjectInputFilter apply(
        @Nullable ObjectInputFilter current, @Nullable ObjectInputFilter next) {
      if (refusing.get()) {
        return info -> ObjectInputFilter.Status.REJECTED;
      }
      return next != null ? next : current;
    }
  }

  private static final PerThread FACTORY = new PerThread();

  private SerialFilter() {}

  static <T> T refusing(Supplier<T> work) {
    synchronized (FACTORY) {
      if (ObjectInputFilter.Config.getSerialFilterFactory() != FACTORY) {
        try {
          ObjectInputFilter.Config.setSerialFilterFactory(FACTORY);
        } catch (IllegalStateException e) {
          throw new UnavailableException(
              "models of further classes need a filter against Java deserialisation, and the host"
                  + " has already fixed another filter factory",
              e);
        }
      }
    }
    FACTORY.refusing.set(true);
    try {
      return work.get();
    } finally {
      FACTORY.refusing.remove();
    }
  }
}
