package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.MlopsException;
import dev.mlops.error.UnavailableException;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.FailureInjectingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AmbiguousCommitTest {
  private static final int ASKED = LongRuns.count(200, 4000);
  private static final int WRITERS = 4;

  enum Failure {
    LOST_REPLY(builder -> builder.lostReply(0.25)),
    OWN_CONFLICT(builder -> builder.ownConflict(0.25)),
    FAILED_WRITE(builder -> builder.failedWrite(0.25)),
    EVERYTHING(
        builder -> builder.lostReply(0.2).ownConflict(0.2).failedWrite(0.1).failedRead(0.1));

    private final UnaryOperator<FailureInjectingStore.Builder> settings;

    Failure(UnaryOperator<FailureInjectingStore.Builder> settings) {
      this.settings = settings;
    }
  }

  @ParameterizedTest
  @EnumSource
  void register_onAStoreThatFails_givesAsManyVersionsAsWereAsked(Failure failure) throws Exception {
    ObjectStore honest = ObjectStore.inMemory();
    FailureInjectingStore failing = failure
        .settings
        .apply(FailureInjectingStore.builder(honest, new SplittableRandom(20260501)))
        .build();

    List<Integer> numbers = registerFromSeveralWriters(failing);

    assertThat(numbers).containsExactlyInAnyOrderElementsOf(upTo(ASKED));
    assertThat(failing.injected()).isGreaterThan(ASKED / 8);
    ModelRegistry cold = ModelRegistry.builder(honest).actor("x").build();
    assertThat(cold.versions("fraud")).hasSize(ASKED);
    assertThat(cold.history("fraud")).hasSize(ASKED);
    assertThat(cold.verify().problems()).isEmpty();
  }

  private static List<Integer> registerFromSeveralWriters(ObjectStore store) throws Exception {
    var executor = Executors.newFixedThreadPool(WRITERS);
    try {
      var tasks = new ArrayList<Callable<List<Integer>>>();
      for (int w = 0; w < WRITERS; w++) {
        ModelRegistry registry = ModelRegistry.builder(store).actor("w" + w).build();
        tasks.add(() -> IntStream.range(0, ASKED / WRITERS)
            .mapToObj(i -> registry
                .register("fraud", RegistryFixtures.draft("v " + i, 0.9))
                .number())
            .toList());
      }
      var numbers = new ArrayList<Integer>();
      for (Future<List<Integer>> result : executor.invokeAll(tasks)) {
        numbers.addAll(result.get());
      }
      return numbers;
    } finally {
      executor.shutdownNow();
    }
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void register_whenTheLostWriteIsAppliedLate_givesOneVersion() {
    // The write is reported as failed and becomes visible only after the next read.
    var late = new LateStore(ObjectStore.inMemory());
    ModelRegistry registry = ModelRegistry.builder(late).actor("x").build();
    registry.register("fraud", RegistryFixtures.draft("a", 0.9));
    late.delayNextEvent = true;

    ModelVersion second = registry.register("fraud", RegistryFixtures.draft("b", 0.9));

    assertThat(second.number()).isEqualTo(2);
    assertThat(registry.versions("fraud")).hasSize(2);
  }

  @Test
  void register_onAStoreThatIsDown_saysSoAndChangesNothing() {
    var failing = FailureInjectingStore.builder(ObjectStore.inMemory(), new SplittableRandom(1))
        .build();
    ModelRegistry registry = ModelRegistry.builder(failing).actor("x").build();
    registry.register("fraud", RegistryFixtures.draft("a", 0.9));
    failing.down(true);

    assertThatThrownBy(() -> registry.register("fraud", RegistryFixtures.draft("b", 0.9)))
        .isInstanceOf(UnavailableException.class);
    failing.down(false);

    assertThat(registry.versions("fraud")).hasSize(1);
    assertThat(registry.get(new ModelRef.Version("fraud", 1)).number()).isEqualTo(1);
  }

  @Test
  void register_whenNoWriteEverSucceeds_saysThatTheOutcomeIsUnknown() {
    ObjectStore honest = ObjectStore.inMemory();
    ModelRegistry.builder(honest)
        .actor("x")
        .build()
        .register("fraud", RegistryFixtures.draft("a", 0.9));
    var failing = FailureInjectingStore.builder(honest, new SplittableRandom(1))
        .failedWrite(1)
        .build();
    ModelRegistry registry = ModelRegistry.builder(failing).actor("x").build();

    assertThatThrownBy(
            () -> registry.promote(new ModelRef.Version("fraud", 1), "champion", Gate.open()))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("outcome of event 2 of model 'fraud' is unknown");
  }

  /** Applies one write between the reader's look and its next look. */
  private static final class LateStore implements ObjectStore {
    private final ObjectStore target;
    private boolean delayNextEvent;
    private Optional<Runnable> late = Optional.empty();

    LateStore(ObjectStore target) {
      this.target = target;
    }

    @Override
    public Optional<byte[]> get(String key) {
      Optional<byte[]> found = target.get(key);
      if (key.contains("/log/")) {
        late.ifPresent(Runnable::run);
        late = Optional.empty();
      }
      return found;
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      if (delayNextEvent && key.contains("/log/")) {
        delayNextEvent = false;
        late = Optional.of(() -> target.putIfAbsent(key, content));
        throw new UnavailableException("timed out");
      }
      return target.putIfAbsent(key, content);
    }

    @Override
    public List<String> list(String prefix) {
      return target.list(prefix);
    }

    @Override
    public void delete(String key) {
      target.delete(key);
    }

    @Override
    public void close() {
      target.close();
    }
  }

  /** Such a write may be seen and yet not be on the disk. */
  @Test
  void promote_whoseFailedWriteIsSeen_isWrittenAgainBeforeItIsAcknowledged() {
    var fading = new FadingStore(ObjectStore.inMemory());
    ModelRegistry registry = ModelRegistry.builder(fading).actor("x").build();
    ModelVersion version = registry.register("fraud", RegistryFixtures.draft("a", 0.9));
    fading.failures = 3;

    registry.promote(version.ref(), "champion", Gate.open());

    assertThat(fading.durable).isTrue();
    assertThat(registry.history("fraud")).hasSize(2);
    fading.failures = Integer.MAX_VALUE;
    assertThatThrownBy(() -> registry.rollback("fraud", "champion"))
        .isInstanceOf(MlopsException.class);
    assertThatThrownBy(() -> registry.tag(version.ref(), "k", "v"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("outcome of event 3 of model 'fraud' is unknown");
  }

  /** Shows what it could not force to the disk. */
  private static final class FadingStore extends StoreDecorator {
    private int failures;
    private boolean durable;

    FadingStore(ObjectStore target) {
      super(target);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      boolean created = super.putIfAbsent(key, content);
      if (key.contains("/log/")) {
        durable = failures == 0;
        if (failures > 0) {
          failures--;
          throw new UnavailableException("input/output error");
        }
      }
      return created;
    }
  }
}
