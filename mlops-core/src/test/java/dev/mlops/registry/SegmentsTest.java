package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import dev.mlops.store.ObjectStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Segments repeat the log; whatever they say beyond it is not believed. */
class SegmentsTest {
  private final ObjectStore store = ObjectStore.inMemory();

  private static ModelRegistry open(ObjectStore store) {
    return ModelRegistry.builder(store).actor("ann").build();
  }

  private static void fill(ObjectStore store, int events, String value) {
    ModelRegistry registry = open(store);
    ModelVersion version = registry.register("fraud", draft("a", 0.9));
    for (int i = 1; i < events; i++) {
      registry.tag(version.ref(), "k", value + i);
    }
  }

  @Test
  void logRestoredFromABackup_isNotPrecededByNewerSegments() {
    fill(store, 140, "v");
    List<String> log = store.list("models/fraud/log/");
    log.subList(100, 140).forEach(store::delete);

    ModelRegistry restored = open(store);

    assertThat(store.list("models/fraud/segments/")).hasSize(2);
    assertThat(restored.snapshot("fraud").seq()).isEqualTo(100);
    assertThat(restored.history("fraud")).hasSize(100);
    // The end is missing, and with it perhaps the use of some content.
    assertThatThrownBy(() -> restored.collectGarbage(Duration.ofDays(1)))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("nothing was collected")
        .hasRootCauseMessage("models/fraud/segments/00000000000000000128.jsonl is there, but the"
            + " log ends at event 100");
  }

  @Test
  void segmentsOfAnotherLog_areNotBelieved() {
    fill(store, 64, "mine");
    ObjectStore other = ObjectStore.inMemory();
    fill(other, 64, "theirs");
    String segment = store.list("models/fraud/segments/").get(0);
    store.delete(segment);
    store.putIfAbsent(segment, other.get(segment).orElseThrow());

    ModelSnapshot state = open(store).snapshot("fraud");

    assertThat(state.version(1).tags()).containsEntry("k", "mine63");
    assertThat(open(store).verify().problems()).anyMatch(p -> p.contains("does not repeat"));
  }
}
