package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Versions change under load: every answer belongs to the version it names. */
class SwapStressTest {
  private static final int SWAPS = Boolean.getBoolean("mlops.long") ? 10_000 : 1_000;

  @Test
  void predict_whileVersionsChange_neverTearsAndNeverUsesAClosedModel() throws Exception {
    var source = new FakeSource().version(1);
    LiveModel model = source.live().warmUp(0).build();
    var done = new AtomicBoolean();
    ExecutorService executor = Executors.newFixedThreadPool(2);
    List<Future<Long>> readers = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      readers.add(executor.submit(() -> read(model, done)));
    }

    for (int version = 2; version <= SWAPS + 1; version++) {
      source.version(version);
      assertThat(model.refresh()).isTrue();
    }
    done.set(true);

    for (Future<Long> reader : readers) {
      assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
    }
    executor.shutdown();
    assertThat(source.opened).hasSize(SWAPS + 1);
    int last = source.opened.size() - 1;
    assertThat(source.opened.subList(0, last)).allMatch(predictor -> predictor.closed);
    assertThat(source.opened.get(last).closed).isFalse();
    assertThat(source.opened).allMatch(predictor -> predictor.usedAfterClose.get() == 0);
  }

  private static long read(LiveModel model, AtomicBoolean done) {
    double[] scores = new double[2];
    long calls = 0;
    int latest = 0;
    while (!done.get()) {
      ServedModel served = model.predict(FakeSource.ROW, scores);
      assertThat(scores).isEqualTo(FakeSource.scoresOf(served.version()));
      assertThat(served.version()).isGreaterThanOrEqualTo(latest);
      latest = served.version();
      calls++;
    }
    return calls;
  }
}
