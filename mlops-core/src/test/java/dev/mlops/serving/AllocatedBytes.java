package dev.mlops.serving;

import java.lang.reflect.Method;

/** How much the calling thread has allocated; by reflection, as tests do not read that module. */
final class AllocatedBytes {
  private final Object bean;
  private final Method allocated;

  AllocatedBytes() {
    try {
      bean = Class.forName("java.lang.management.ManagementFactory")
          .getMethod("getThreadMXBean")
          .invoke(null);
      allocated = Class.forName("com.sun.management.ThreadMXBean")
          .getMethod("getThreadAllocatedBytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  long now() {
    try {
      return (Long) allocated.invoke(bean, Thread.currentThread().getId());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
