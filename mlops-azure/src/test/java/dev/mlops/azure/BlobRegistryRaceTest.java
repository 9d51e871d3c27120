package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.FaultyProxy;
import dev.mlops.azure.peer.FaultyProxy.Fault;
import dev.mlops.azure.peer.Jvm;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelFile;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.RegistryCrash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Sixteen processes change one model at once, over good and bad connections, and some are killed;
 * azurite is restarted in the middle.
 */
@Isolated("keeps every processor busy; others measure time")
class BlobRegistryRaceTest {
  private static final int PROCESSES = 16;
  private static final int KILLED = 3;
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final int EACH = LONG ? 10 : 2;
  private static final int WORKERS = LONG ? 4 : 3;
  private static final int KILLS = LONG ? 60 : 4;

  @TempDir
  Path temporary;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  static ObjectStore store(int port) {
    return BlobObjectStore.builder(Azurite.connectionString(port), "race")
        .timeout(Duration.ofSeconds(60))
        .build();
  }

  @Test
  void sixteenProcesses_loseNoAcknowledgedOperation() throws Exception {
    long seed = System.nanoTime();
    System.out.println("BlobRegistryRaceTest seed " + seed);
    Random random = new Random(seed);
    try (Azurite azurite = Azurite.start();
        var losing = new FaultyProxy(azurite.port(), Fault.LOST_REPLY, 0.25, seed);
        var throttling =
            new FaultyProxy(azurite.port(), Fault.THROTTLED_FOR_A_SECOND, 0.25, seed + 1)) {
      createContainer(azurite);
      int[] ports = {azurite.port(), losing.port(), throttling.port()};
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(Jvm.start(
            Racer.class,
            temporary.resolve("p" + i),
            List.of(),
            Map.of(),
            Integer.toString(ports[i % ports.length]),
            "p" + i,
            Integer.toString(i < KILLED ? 1_000_000 : EACH)));
      }

      waitForLines(PROCESSES);
      azurite.restart();
      for (int i = 0; i < KILLED; i++) {
        waitForLines(PROCESSES + 8 + random.nextInt(8) + i * 4);
        processes.get(i).destroyForcibly();
      }

      List<Integer> registered = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        assertThat(processes.get(i).waitFor(20, TimeUnit.MINUTES)).isTrue();
        List<String> lines = Files.readAllLines(temporary.resolve("p" + i));
        if (i >= KILLED) {
          assertThat(processes.get(i).exitValue()).as(String.join("\n", lines)).isZero();
          assertThat(
                  lines.stream().filter(line -> line.startsWith("REGISTERED")).count())
              .isEqualTo(EACH);
        }
        lines.stream()
            .filter(line -> line.matches("REGISTERED \\d+ \\."))
            .forEach(line -> registered.add(Integer.valueOf(line.split(" ", -1)[1])));
      }
      assertThat(losing.faults()).isPositive();
      assertThat(throttling.faults()).isPositive();

      ModelRegistry registry =
          ModelRegistry.builder(store(azurite.port())).actor("auditor").build();
      List<Integer> versions =
          registry.versions("fraud").stream().map(ModelVersion::number).toList();
      assertThat(registered).doesNotHaveDuplicates();
      assertThat(versions).containsAll(registered).doesNotHaveDuplicates();
      // A killed process may have committed one version that it could not acknowledge.
      assertThat(versions).hasSizeBetween(registered.size(), registered.size() + KILLED);
      assertThat(registry.verify().problems()).isEmpty();
      assertThat(registry.snapshot("fraud").aliases().get("champion")).isIn(versions);
    }
  }

  private static void createContainer(Azurite azurite) {
    BlobObjectStore.builder(azurite.connectionString(), "race")
        .createContainer()
        .build();
  }

  /**
   * The registry's own harness, whose processes work without a pause until they are killed. All of
   * their connections are bad: a process on a good one would register a version, whose number is in
   * its files, before any other has stored those.
   */
  @Test
  void processesKilledAtRandom_loseAndRepeatNothing() throws Exception {
    long seed = System.nanoTime();
    System.out.println("BlobRegistryRaceTest seed " + seed);
    try (Azurite azurite = Azurite.start();
        var losing = new FaultyProxy(azurite.port(), Fault.LOST_REPLY, 0.25, seed);
        var throttling = new FaultyProxy(azurite.port(), Fault.THROTTLED, 0.25, seed + 1)) {
      createContainer(azurite);
      int[] ports = {losing.port(), throttling.port()};
      RegistryCrash.Report report = RegistryCrash.run(
          (number, acknowledged) -> {
            if (number == WORKERS + KILLS / 2) {
              azurite.restart();
            }
            return Jvm.start(
                CrashWorker.class,
                temporary.resolve("out" + number),
                List.of(),
                Map.of(),
                Integer.toString(ports[number % ports.length]),
                acknowledged.toString(),
                "w" + number);
          },
          store(azurite.port()),
          temporary,
          WORKERS,
          KILLS,
          seed);

      System.out.println("crash on blob: " + report + ", 0 lost, 0 repeated");
      assertThat(report.acknowledged()).isGreaterThan(WORKERS);
      assertThat(losing.faults()).isPositive();
      assertThat(throttling.faults()).isPositive();
    }
  }

  /** Works until it is killed. */
  static final class CrashWorker {
    public static void main(String[] args) throws Exception {
      RegistryCrash.work(store(Integer.parseInt(args[0])), Path.of(args[1]), args[2]);
    }
  }

  private void waitForLines(int atLeast) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (System.nanoTime() < deadline) {
      int lines = 0;
      for (int i = 0; i < PROCESSES; i++) {
        Path file = temporary.resolve("p" + i);
        lines += Files.exists(file) ? Files.readAllLines(file).size() : 0;
      }
      if (lines >= atLeast) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("the processes made no progress");
  }

  /**
   * Registers and promotes, and prints what was acknowledged; a line that is not cut ends in a dot.
   */
  static final class Racer {
    public static void main(String[] args) {
      ModelRegistry registry =
          ModelRegistry.builder(store(Integer.parseInt(args[0]))).actor(args[1]).build();
      System.out.println("READY");
      for (int i = 0; i < Integer.parseInt(args[2]); i++) {
        byte[] content = (args[1] + " " + i).getBytes(StandardCharsets.UTF_8);
        ModelVersion version = registry.register(
            "fraud",
            VersionDraft.builder()
                .schema(new Schema(
                    List.of(new Feature.Numeric("amount")),
                    new Target.Classes("is_fraud", List.of("no", "yes"))))
                .file(new ModelFile("model.flat", "flat", content))
                .metric("roc_auc", 0.9)
                .build());
        System.out.println("REGISTERED " + version.number() + " .");
        if (i % 2 == 0) {
          registry.promote(version, "champion", Gate.atLeast("roc_auc", 0.5));
        } else {
          rollBack(registry);
        }
      }
      System.exit(0);
    }

    private static void rollBack(ModelRegistry registry) {
      try {
        registry.rollback("fraud", "champion");
      } catch (NotFoundException e) {
        // The others have rolled back further than anybody promoted.
        if (!String.valueOf(e.getMessage()).contains("no earlier version")) {
          throw e;
        }
      }
    }
  }
}
