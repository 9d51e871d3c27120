package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.store.ObjectStore;
import dev.mlops.testing.Check;
import dev.mlops.testing.ObjectStoreContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FourProcessesTest {
  private static final int PROCESSES = 4;

  @TempDir
  Path temporary;

  @Test
  void twoHundredRegistrationsFromFourProcesses_giveTwoHundredContiguousVersions()
      throws Exception {
    Path root = temporary.resolve("registry");

    List<String> lines = run(Registrar.class, root.toString(), "50");

    List<Integer> numbers = lines.stream().map(Integer::valueOf).sorted().toList();
    assertThat(numbers).isEqualTo(IntStream.rangeClosed(1, 200).boxed().toList());
    ModelRegistry registry =
        ModelRegistry.builder(ObjectStore.directory(root)).actor("x").build();
    assertThat(registry.versions("fraud"))
        .extracting(ModelVersion::number)
        .containsExactlyElementsOf(numbers);
    assertThat(registry.verify().problems()).isEmpty();
  }

  @Test
  void contestedKeysFromFourProcesses_haveOneWinnerEachAndItsContent() throws Exception {
    Path root = temporary.resolve("store");
    int keys = 300;

    List<String> won = run(Contender.class, root.toString(), Integer.toString(keys));

    assertThat(won).hasSize(keys).doesNotHaveDuplicates();
    ObjectStore store = ObjectStore.directory(root);
    for (String line : won) {
      String key = line.substring(0, line.indexOf(' '));
      assertThat(new String(store.get(key).orElseThrow(), StandardCharsets.UTF_8))
          .startsWith(line + "\n");
    }
  }

  @Test
  void contract_runByFourProcessesInOneDirectory_holdsInEach() throws Exception {
    Path root = temporary.resolve("shared");

    List<String> passed = run(ContractRunner.class, root.toString());

    int checks = ObjectStoreContract.checks(ObjectStore::inMemory).size();
    assertThat(passed).hasSize(PROCESSES * checks).doesNotHaveDuplicates();
  }

  private List<String> run(Class<?> main, String... arguments) throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < PROCESSES; i++) {
      var all = new ArrayList<>(List.of(arguments));
      all.add("p" + i);
      processes.add(Processes.start(main, temporary.resolve("p" + i), all.toArray(String[]::new)));
    }
    var lines = new ArrayList<String>();
    for (int i = 0; i < PROCESSES; i++) {
      assertThat(processes.get(i).waitFor(300, TimeUnit.SECONDS)).isTrue();
      List<String> output = Files.readAllLines(temporary.resolve("p" + i));
      assertThat(processes.get(i).exitValue()).as(String.join("\n", output)).isZero();
      lines.addAll(output);
    }
    return lines;
  }

  /** Registers versions and prints their numbers. */
  static final class Registrar {
    public static void main(String[] args) {
      ModelRegistry registry = ModelRegistry.builder(ObjectStore.directory(Path.of(args[0])))
          .actor(args[2])
          .build();
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        System.out.println(registry
            .register("fraud", RegistryFixtures.draft(args[2] + " " + i, 0.9))
            .number());
      }
    }
  }

  /** Puts every key and prints those it won, once all processes are ready. */
  static final class Contender {
    public static void main(String[] args) {
      ObjectStore store = ObjectStore.directory(Path.of(args[0]));
      store.putIfAbsent("ready/" + args[2], new byte[0]);
      while (store.list("ready/").size() < PROCESSES) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        String line = "race/" + i + " " + args[2];
        byte[] content = (line + "\n" + "x".repeat(5000)).getBytes(StandardCharsets.UTF_8);
        if (store.putIfAbsent("race/" + i, content)) {
          System.out.println(line);
        } else if (store.get("race/" + i).orElseThrow().length != content.length) {
          throw new IllegalStateException("torn read of race/" + i);
        }
      }
    }
  }

  /**
   * Runs the whole contract, every check below a prefix of its own, and prints the checks that
   * held, once all processes are ready.
   */
  static final class ContractRunner {
    public static void main(String[] args) throws Exception {
      ObjectStore store = ObjectStore.directory(Path.of(args[0]));
      store.putIfAbsent("ready/" + args[1], new byte[0]);
      while (store.list("ready/").size() < PROCESSES) {
        Thread.onSpinWait();
      }
      var fresh = new AtomicInteger();
      List<Check> checks = ObjectStoreContract.checks(
          () -> new Below(store, args[1] + "/" + fresh.getAndIncrement() + "/"));
      for (Check check : checks) {
        check.run();
        System.out.println(args[1] + ": " + check.name());
      }
    }
  }

  /** The part of a store below a prefix. */
  private static final class Below extends StoreDecorator {
    private final String prefix;

    Below(ObjectStore target, String prefix) {
      super(target);
      this.prefix = prefix;
    }

    @Override
    public Optional<byte[]> get(String key) {
      return super.get(prefix + key);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      return super.putIfAbsent(prefix + key, content);
    }

    @Override
    public List<String> list(String below) {
      return super.list(prefix + below).stream()
          .map(key -> key.substring(prefix.length()))
          .toList();
    }

    @Override
    public void delete(String key) {
      super.delete(prefix + key);
    }

    @Override
    public void close() {}
  }
}
