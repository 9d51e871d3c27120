package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Linearizability.Operation;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.FailureInjectingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearizabilityTest {
  private static final int ROUNDS = LongRuns.count(15, 400);
  private static final int CALLS = 12;
  private static final int WRITERS = 4;

  @TempDir
  Path temporary;

  /** What can be asked of one model with one alias. */
  enum Kind {
    REGISTER,
    PROMOTE,
    ROLLBACK,
    READ
  }

  /** A question; the number is the version to promote. */
  record Call(Kind kind, int number) {}

  /** An answer: a version number and the alias's version before; 0 for none, -1 for not found. */
  record Answer(int number, int before) {}

  /** The sequential registry: how many versions, where the alias points, and where it pointed. */
  record Spec(int versions, int alias, List<Integer> earlier) {
    static final Spec EMPTY = new Spec(0, 0, List.of());

    Optional<Spec> after(Operation<Call, Answer> operation) {
      Answer answer = operation.output();
      return switch (operation.input().kind()) {
        case REGISTER ->
          answer.number() == versions + 1
              ? Optional.of(new Spec(versions + 1, alias, earlier))
              : Optional.empty();
        case READ -> answer.number() == alias ? Optional.of(this) : Optional.empty();
        case PROMOTE -> promote(operation.input().number(), answer);
        case ROLLBACK -> rollback(answer);
      };
    }

    private Optional<Spec> promote(int number, Answer answer) {
      if (number > versions) {
        return answer.number() == -1 ? Optional.of(this) : Optional.empty();
      }
      if (answer.number() != number || answer.before() != alias) {
        return Optional.empty();
      }
      if (number == alias) {
        return Optional.of(this);
      }
      var stack = new ArrayList<>(earlier);
      if (alias != 0) {
        stack.add(alias);
      }
      return Optional.of(new Spec(versions, number, List.copyOf(stack)));
    }

    private Optional<Spec> rollback(Answer answer) {
      if (earlier.isEmpty()) {
        return answer.number() == -1 ? Optional.of(this) : Optional.empty();
      }
      int target = earlier.get(earlier.size() - 1);
      return answer.number() == target && answer.before() == alias
          ? Optional.of(new Spec(versions, target, earlier.subList(0, earlier.size() - 1)))
          : Optional.empty();
    }
  }

  @Test
  void concurrentHistories_inMemory_areLinearizable() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      assertLinearizable(ObjectStore.inMemory(), round);
    }
  }

  @Test
  void concurrentHistories_onAStoreThatLosesReplies_areLinearizable() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      assertLinearizable(
          FailureInjectingStore.builder(ObjectStore.inMemory(), new SplittableRandom(round))
              .lostReply(0.2)
              .ownConflict(0.2)
              .failedWrite(0.1)
              .build(),
          round);
    }
  }

  @Test
  void concurrentHistories_inADirectory_areLinearizable() throws Exception {
    for (int round = 0; round < ROUNDS / 5; round++) {
      assertLinearizable(
          ObjectStore.directory(Files.createTempDirectory(temporary, "round")), round);
    }
  }

  private static void assertLinearizable(ObjectStore store, int seed) throws Exception {
    List<Operation<Call, Answer>> history = record(store, seed);
    assertThat(Linearizability.holds(history, Spec.EMPTY, Spec::after))
        .as("seed %s: %s", seed, history)
        .isTrue();
  }

  private static List<Operation<Call, Answer>> record(ObjectStore store, int seed)
      throws Exception {
    var executor = Executors.newFixedThreadPool(WRITERS);
    var start = new CyclicBarrier(WRITERS);
    try {
      var tasks = new ArrayList<Callable<List<Operation<Call, Answer>>>>();
      for (int w = 0; w < WRITERS; w++) {
        var random = new SplittableRandom(seed * 31L + w);
        ModelRegistry registry = ModelRegistry.builder(store).actor("w" + w).build();
        tasks.add(() -> {
          start.await();
          var operations = new ArrayList<Operation<Call, Answer>>();
          for (int i = 0; i < CALLS; i++) {
            var call = new Call(
                i == 0 ? Kind.REGISTER : Kind.values()[random.nextInt(4)], 1 + random.nextInt(8));
            long called = System.nanoTime();
            Answer answer = ask(registry, call);
            operations.add(new Operation<>(called, System.nanoTime(), call, answer));
          }
          return operations;
        });
      }
      var history = new ArrayList<Operation<Call, Answer>>();
      for (Future<List<Operation<Call, Answer>>> part : executor.invokeAll(tasks)) {
        history.addAll(part.get());
      }
      return history;
    } finally {
      executor.shutdownNow();
    }
  }

  private static Answer ask(ModelRegistry registry, Call call) {
    try {
      return switch (call.kind()) {
        case REGISTER ->
          new Answer(registry.register("m", RegistryFixtures.draft("x", 0.9)).number(), 0);
        case PROMOTE ->
          answer(
              registry.promote(new ModelRef.Version("m", call.number()), "champion", Gate.open()));
        case ROLLBACK -> answer(registry.rollback("m", "champion"));
        case READ ->
          new Answer(
              registry
                  .find(new ModelRef.Alias("m", "champion"))
                  .map(ModelVersion::number)
                  .orElse(0),
              0);
      };
    } catch (NotFoundException e) {
      return new Answer(-1, 0);
    }
  }

  private static Answer answer(Promotion promotion) {
    return new Answer(promotion.candidate().number(), promotion.previous().orElse(0));
  }

  @Test
  void checker_findsWhatIsNotLinearizable() {
    var register = new Call(Kind.REGISTER, 0);
    var read = new Call(Kind.READ, 0);
    var promote = new Call(Kind.PROMOTE, 1);

    // Two versions with one number, overlapping or not.
    assertThat(holds(op(0, 9, register, 1, 0), op(1, 8, register, 1, 0))).isFalse();
    assertThat(holds(op(0, 9, register, 2, 0), op(1, 8, register, 1, 0))).isTrue();
    // A number out of real-time order.
    assertThat(holds(op(0, 1, register, 2, 0), op(2, 3, register, 1, 0))).isFalse();
    // A stale read after the promotion returned; fine while it was running.
    assertThat(holds(op(0, 1, register, 1, 0), op(2, 3, promote, 1, 0), op(4, 5, read, 0, 0)))
        .isFalse();
    assertThat(holds(op(0, 1, register, 1, 0), op(2, 6, promote, 1, 0), op(4, 5, read, 0, 0)))
        .isTrue();
    // Two promotions that both replaced nothing.
    assertThat(holds(
            op(0, 1, register, 1, 0),
            op(0, 1, register, 2, 0),
            op(2, 6, promote, 1, 0),
            op(2, 6, new Call(Kind.PROMOTE, 2), 2, 0)))
        .isFalse();
  }

  @SafeVarargs
  private static boolean holds(Operation<Call, Answer>... history) {
    return Linearizability.holds(List.of(history), Spec.EMPTY, Spec::after);
  }

  private static Operation<Call, Answer> op(
      long call, long returned, Call input, int number, int before) {
    return new Operation<>(call, returned, input, new Answer(number, before));
  }
}
