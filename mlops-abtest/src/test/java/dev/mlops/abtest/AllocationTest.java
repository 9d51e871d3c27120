package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllocationTest {
  @Test
  void expose_allocatesNothing() throws Exception {
    String[] units =
        IntStream.range(0, 1000).mapToObj(i -> "üser-" + i + "@example.com").toArray(String[]::new);
    Layer layer = Layer.of("l", 0.1);
    InMemoryEventSink sink = EventSink.inMemory(10_000);
    Assigner[] assigners = {
      Assigner.of(ab().traffic(0.5).layer(layer, 0.1, 0.9).build()),
      Assigner.of(ab().stableWeights().override("x", "b").build()),
      Assigner.of(ab().build(), sink)
    };
    for (Assigner assigner : assigners) {
      for (String unit : units) {
        assigner.expose(unit);
      }
    }

    long before = allocatedBytes();
    long baseline = allocatedBytes() - before;

    long start = allocatedBytes();
    for (int round = 0; round < 100; round++) {
      for (Assigner assigner : assigners) {
        for (String unit : units) {
          assigner.expose(unit);
        }
      }
    }
    long allocated = allocatedBytes() - start - baseline;

    // 300,000 exposures; the counters and the test's own calls may take a little once.
    assertThat(allocated).isLessThan(20_000);
  }

  private static Experiment.Builder ab() {
    return Experiment.builder("e").control("a", 1).variant("b", 1);
  }

  /** By reflection: the module does not read java.management. */
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean = Class.forName("java.lang.management.ManagementFactory")
        .getMethod("getThreadMXBean")
        .invoke(null);
    return (long) Class.forName("com.sun.management.ThreadMXBean")
        .getMethod("getThreadAllocatedBytes", long.class)
        .invoke(bean, Thread.currentThread().getId());
  }
}
