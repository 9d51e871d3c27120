package dev.mlops.mlflow.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.ConflictException;
import dev.mlops.error.UnavailableException;
import dev.mlops.registry.StoreDecorator;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MirrorLeaseTest {
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-05-01T10:00:00Z"));
  private final ObjectStore store = ObjectStore.inMemory();
  private final MirrorLease first = lease();
  private final MirrorLease second = lease();

  private MirrorLease lease() {
    return new MirrorLease(store, clock, "http://mlflow");
  }

  @Test
  void oneHasTheRight_untilItGivesItBack() {
    first.require();
    assertThatThrownBy(second::require)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("another mirror")
        .hasMessageContaining("2026-05-01T10:05:00Z");

    first.release();
    second.require();
    assertThatThrownBy(first::require).isInstanceOf(ConflictException.class);
    assertThat(store.list("")).hasSize(1);
  }

  @Test
  void whoGoesOn_keepsTheRight() {
    first.require();
    for (int i = 0; i < 10; i++) {
      clock.advance(MirrorLease.TERM.dividedBy(2));
      first.require();
      assertThatThrownBy(second::require).isInstanceOf(ConflictException.class);
    }
    assertThat(store.list("")).hasSize(1);
  }

  @Test
  void whoCrashes_losesTheRightWithItsTerm() {
    first.require();
    clock.advance(MirrorLease.TERM);
    second.require();

    assertThatThrownBy(first::require).isInstanceOf(ConflictException.class);
    first.release(); // not its own any more
    assertThatThrownBy(first::require).isInstanceOf(ConflictException.class);
  }

  @Test
  void otherServer_isAnotherRight() {
    first.require();
    new MirrorLease(store, clock, "http://other").require();
    assertThat(store.list("")).hasSize(2);
  }

  @Test
  void termThatIsPutLate_isNoticedByItsMaker() {
    first.require();
    first.release();
    var slow = new MirrorLease(
        new StoreDecorator(store) {
          private boolean overtaken;

          @Override
          public boolean putIfAbsent(String key, byte[] content) {
            if (!overtaken) {
              overtaken = true;
              for (int i = 0; i < 3; i++) { // terms 3 to 8 come and go
                second.require();
                second.release();
              }
              second.require();
            }
            return super.putIfAbsent(key, content);
          }
        },
        clock,
        "http://mlflow");

    assertThatThrownBy(slow::require).isInstanceOf(ConflictException.class);
    clock.advance(MirrorLease.TERM.dividedBy(2));
    second.require();
    assertThat(store.list("")).hasSize(1);
  }

  @Test
  void termThatWasPutThoughTheStoreFailed_locksNobodyOut() {
    var lossy = new StoreDecorator(store) {
      private boolean lost;

      @Override
      public boolean putIfAbsent(String key, byte[] content) {
        boolean created = super.putIfAbsent(key, content);
        if (!lost) {
          lost = true;
          throw new UnavailableException("the reply was lost");
        }
        return created;
      }
    };
    var unlucky = new MirrorLease(lossy, clock, "http://mlflow");
    assertThatThrownBy(unlucky::require).isInstanceOf(UnavailableException.class);

    unlucky.require();
    assertThatThrownBy(second::require).isInstanceOf(ConflictException.class);
    unlucky.release();
    second.require();
  }

  @Test
  void localeWithOtherDigits_changesNothing() {
    first.require();
    first.release();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      second.require();
    } finally {
      Locale.setDefault(before);
    }
    assertThat(store.list("")).hasSize(1).allMatch(key -> key.endsWith("0003.json"));
  }

  @Test
  void ofManyThreads_oneAtATimeHasTheRight() throws Exception {
    var holding = new AtomicInteger();
    var taken = new AtomicInteger();
    var executor = Executors.newFixedThreadPool(4);
    try {
      var results = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 4; i++) {
        Callable<Integer> task = () -> {
          MirrorLease mine = lease();
          int most = 0;
          for (int round = 0; round < 500; round++) {
            try {
              mine.require();
              most = Math.max(most, holding.incrementAndGet());
              taken.incrementAndGet();
              holding.decrementAndGet();
            } catch (ConflictException e) {
              continue;
            }
            mine.release();
          }
          return most;
        };
        results.add(executor.submit(task));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).isLessThanOrEqualTo(1);
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(taken.get()).isPositive();
  }
}
