package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.FailureInjectingStore;
import dev.mlops.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GarbageTest {
  private static final Duration GRACE = Duration.ofHours(24);
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-05-01T10:00:00Z"));
  private final ObjectStore store = ObjectStore.inMemory();
  private final ModelRegistry registry =
      ModelRegistry.builder(store).actor("ann").clock(clock).build();

  /** Leaves a content as a registration that was killed before its event. */
  private String orphan(String content) {
    ObjectStore scratch = ObjectStore.inMemory();
    ModelRegistry other = ModelRegistry.builder(scratch).actor("x").build();
    String digest =
        other.register("m", draft(content, 0.9)).artifact("model.flat").sha256();
    String key = "blobs/sha256/" + digest.substring(0, 2) + "/" + digest;
    store.putIfAbsent(key, content.getBytes(StandardCharsets.UTF_8));
    return key;
  }

  @Test
  void contentWithoutAUser_isMarkedThenTrashedThenDeleted_andUsedOnesStay() {
    ModelVersion version = registry.register("fraud", draft("used", 0.9));
    String orphan = orphan("orphan");

    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(1, 0, 0, 0));
    clock.advance(Duration.ofHours(23));
    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 0, 0));
    clock.advance(Duration.ofHours(1));
    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 1, 0, 0));
    assertThat(store.get(orphan)).isEmpty();
    assertThat(registry.verify().problems()).isEmpty();
    clock.advance(Duration.ofHours(23));
    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 0, 0));
    clock.advance(Duration.ofHours(1));
    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 1, 0));

    assertThat(store.list("gc/")).isEmpty();
    assertThat(registry.read(version, "model.flat")).asString().isEqualTo("used");
  }

  @Test
  void contentThatGetsAUserWhileMarked_stays() {
    orphan("late");
    registry.collectGarbage(GRACE);
    ModelVersion version = registry.register("fraud", draft("late", 0.9));
    clock.advance(GRACE.multipliedBy(3));

    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 0, 0));

    assertThat(store.list("gc/")).isEmpty();
    assertThat(registry.read(version, "model.flat")).asString().isEqualTo("late");
  }

  @Test
  void contentTrashedBetweenARegistrationsLookAndItsCommit_isReadFromTheTrashAndPutBack() {
    String key = orphan("raced");
    registry.collectGarbage(GRACE);
    clock.advance(GRACE);
    // The registration finds its content stored; the collection runs before its event is written.
    var racing = new HookStore(store, () -> registry.collectGarbage(GRACE));
    ModelRegistry registrar =
        ModelRegistry.builder(racing).actor("bob").clock(clock).build();

    ModelVersion version = registrar.register("fraud", draft("raced", 0.9));

    assertThat(store.get(key)).isEmpty();
    assertThat(registry.read(version, "model.flat")).asString().isEqualTo("raced");
    assertThat(registry.verify().problems()).isEmpty();
    clock.advance(GRACE);
    assertThat(registry.collectGarbage(GRACE).restored()).isEqualTo(1);
    assertThat(store.get(key)).isPresent();
    assertThat(store.list("gc/")).isEmpty();
  }

  @Test
  void collectionCutOffAtAnyStep_losesNothingThatIsUsed_andTheNextRunGoesOn() {
    for (int step = 0; step < 12; step++) {
      ObjectStore target = ObjectStore.inMemory();
      ModelRegistry honest =
          ModelRegistry.builder(target).actor("x").clock(clock).build();
      ModelVersion version = honest.register("fraud", draft("used", 0.9));
      byte[] orphan = "orphan".getBytes(StandardCharsets.UTF_8);
      String digest = "a1360a4b3a6a92b3d2c0ad0b3bb0c9c0c1f4f2a6d9b0c1d2e3f405162738495a";
      target.putIfAbsent("blobs/sha256/a1/" + digest, orphan);
      for (int run = 0; run < 3; run++) {
        var failing = new CutOffStore(target, step);
        try {
          ModelRegistry.builder(failing).actor("x").clock(clock).build().collectGarbage(GRACE);
        } catch (UnavailableException e) {
          assertThat(e).hasMessage("cut off");
        }
        clock.advance(GRACE);
      }
      for (int run = 0; run < 4; run++) {
        honest.collectGarbage(GRACE);
        clock.advance(GRACE);
      }
      assertThat(target.list("gc/")).as("step %s", step).isEmpty();
      assertThat(target.list("blobs/")).as("step %s", step).hasSize(4); // with the card
      assertThat(honest.read(version, "model.flat")).asString().isEqualTo("used");
    }
  }

  @Test
  void damagedLogOrShortGrace_collectsNothing() {
    registry.register("fraud", draft("used", 0.9));
    orphan("orphan");
    assertThatThrownBy(() -> registry.collectGarbage(Duration.ofMinutes(59)))
        .isInstanceOf(InvalidInputException.class);
    String event = store.list("models/").get(0);
    store.delete(event);
    store.putIfAbsent(event, new byte[] {'{', '}'});

    ModelRegistry cold = ModelRegistry.builder(store).actor("x").clock(clock).build();
    assertThatThrownBy(() -> cold.collectGarbage(GRACE))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("nothing was collected");
    assertThat(store.list("gc/")).isEmpty();
  }

  @Test
  void clockGoingBackwards_deletesNothingEarly() {
    registry.register("fraud", draft("used", 0.9));
    String orphan = orphan("orphan");
    registry.collectGarbage(GRACE);
    clock.advance(Duration.ofDays(-400));

    assertThat(registry.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 0, 0));
    assertThat(store.get(orphan)).isPresent();
    assertThat(registry.get(new ModelRef.Version("fraud", 1)).number()).isEqualTo(1);
  }

  /** Runs something once, just before the first event is written. */
  private static final class HookStore extends StoreDecorator {
    private final Runnable hook;
    private boolean done;

    HookStore(ObjectStore target, Runnable hook) {
      super(target);
      this.hook = hook;
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      if (key.contains("/log/") && !done) {
        done = true;
        hook.run();
      }
      return super.putIfAbsent(key, content);
    }
  }

  /** Dies before the n-th change. */
  private static final class CutOffStore extends StoreDecorator {
    private int left;

    CutOffStore(ObjectStore target, int changes) {
      super(target);
      this.left = changes;
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      step();
      return super.putIfAbsent(key, content);
    }

    @Override
    public void delete(String key) {
      step();
      super.delete(key);
    }

    private void step() {
      if (left-- <= 0) {
        throw new UnavailableException("cut off");
      }
    }
  }

  @Test
  void storeThatFails_stopsTheCollectionWithItsOwnError() {
    registry.register("fraud", draft("used", 0.9));
    var failing = FailureInjectingStore.builder(store, new SplittableRandom(1)).build();
    failing.down(true);

    assertThatThrownBy(
            () -> ModelRegistry.builder(failing).actor("x").build().collectGarbage(GRACE))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void modelWhoseCatalogEntryIsLost_keepsItsContents_andTheNextRegistrationMakesTheEntryAgain() {
    ModelVersion version = registry.register("fraud", draft("used", 0.9));
    store.delete("catalog/fraud.json");
    ModelRegistry cold = ModelRegistry.builder(store).actor("bob").clock(clock).build();

    for (int run = 0; run < 4; run++) {
      assertThat(cold.collectGarbage(GRACE)).isEqualTo(new GarbageReport(0, 0, 0, 0));
      clock.advance(GRACE);
    }
    assertThat(cold.read(version, "model.flat")).asString().isEqualTo("used");
    assertThat(cold.verify().problems())
        .containsExactly("model 'fraud' has events but no entry catalog/fraud.json");

    cold.register("fraud", draft("next", 0.9));
    assertThat(cold.verify().problems()).isEmpty();
    assertThat(cold.models()).containsExactly("fraud");
  }

  @Test
  void directoryOfAModelWithoutItsLog_collectsNothing() {
    registry.register("fraud", draft("used", 0.9));
    orphan("orphan");
    store.putIfAbsent("models/lost/segments/00000000000000000064.jsonl", new byte[] {'\n'});

    assertThatThrownBy(() -> registry.collectGarbage(GRACE))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("the log of model 'lost' is damaged; nothing was collected");
    assertThat(store.list("gc/")).isEmpty();
  }
}
