package dev.mlops.telemetry;

import java.lang.reflect.Method;

/**
 * Counts what a thread allocates. By reflection, because the tests are compiled as part of a module
 * that does not read {@code jdk.management}.
 */
public final class Allocations {

  private Allocations() {}

  /** Returns how many bytes the task allocates on this thread, plus a few hundred for asking. */
  public static long of(Runnable task) {
    long before = sum();
    task.run();
    return sum() - before;
  }

  private static long sum() {
    try {
      Object bean = Class.forName("java.lang.management.ManagementFactory")
          .getMethod("getThreadMXBean")
          .invoke(null);
      Method method = Class.forName("com.sun.management.ThreadMXBean")
          .getMethod("getThreadAllocatedBytes", long.class);
      return (long) method.invoke(bean, Thread.currentThread().getId());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no count of allocated bytes on this JVM", e);
    }
  }
}
