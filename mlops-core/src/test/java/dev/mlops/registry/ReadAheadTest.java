package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A process that has fallen behind others, on a store where each read is a journey. */
class ReadAheadTest {
  private static final int EVENTS = 200;

  private final ObjectStore shared = ObjectStore.inMemory();
  private final FarAway farAway = new FarAway(shared);
  private final ModelRegistry behind =
      ModelRegistry.builder(farAway).actor("behind").build();
  private final ModelRegistry ahead =
      ModelRegistry.builder(shared).actor("ahead").build();

  @Test
  void commit_farBehindOthers_takesFewJourneys() {
    ModelVersion version = behind.register("fraud", RegistryFixtures.draft("a", 0.9));
    for (int i = 0; i < EVENTS; i++) {
      ahead.tag(version.ref(), "key" + i, "value");
    }
    farAway.journeys.clear();

    behind.tag(version.ref(), "last", "value");

    assertThat(farAway.journeys).startsWith(1, 2, 4, 8, 16, 32, 64, 64, 64).hasSizeLessThan(12);
    assertThat(behind.snapshot("fraud").seq()).isEqualTo(EVENTS + 2);
    assertThat(ahead.get(version.ref()).tags()).containsKey("last").hasSize(EVENTS + 1);
  }

  @Test
  void snapshot_oneEventBehind_isAtTheEndAfterTwoJourneys() {
    ModelVersion version = behind.register("fraud", RegistryFixtures.draft("a", 0.9));
    behind.snapshot("fraud");
    ahead.tag(version.ref(), "key", "value");
    farAway.journeys.clear();

    assertThat(behind.snapshot("fraud").seq()).isEqualTo(2);
    // One looks whether anything is new.
    assertThat(farAway.journeys).containsExactly(1, 1, 2);
  }

  /** Reads any number of objects in one journey. */
  private static final class FarAway extends StoreDecorator {
    /** How many objects each journey asked for. */
    private final List<Integer> journeys = new ArrayList<>();

    FarAway(ObjectStore target) {
      super(target);
    }

    @Override
    public Optional<byte[]> get(String key) {
      journeys.add(1);
      return super.get(key);
    }

    @Override
    public List<Optional<byte[]>> getLeading(List<String> keys, long maxBytes) {
      journeys.add(keys.size());
      return keys.stream().map(super::get).toList();
    }
  }
}
