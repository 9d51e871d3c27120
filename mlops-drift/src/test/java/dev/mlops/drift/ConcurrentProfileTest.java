package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConcurrentProfileTest {

  @Test
  void sum_afterManyThreads_equalsOneThread() throws InterruptedException {
    Baseline baseline = Baseline.fit(Columns.builder()
        .numeric("x", new SplittableRandom(1).doubles(500).toArray())
        .encoded("c", new double[500], List.of("a", "b"))
        .build());
    Profile.Concurrent concurrent = baseline.newConcurrentProfile();
    Profile single = baseline.newProfile();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      double[][] rows = rows(t);
      for (double[] row : rows) {
        single.record(row);
      }
      single.record(Map.of("x", 0.5, "c", "new"));
      threads.add(new Thread(() -> {
        for (double[] row : rows) {
          concurrent.record(row);
        }
        concurrent.record(Map.of("x", 0.5, "c", "new"));
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(concurrent.sum()).isEqualTo(single);
    assertThat(concurrent.sum().toBytes()).isEqualTo(single.toBytes());
  }

  private static double[][] rows(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[3000][2];
    for (double[] row : rows) {
      row[0] = random.nextInt(20) == 0 ? Double.NaN : 2 * random.nextDouble();
      row[1] = random.nextInt(-1, 2);
    }
    return rows;
  }
}
