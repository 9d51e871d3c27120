package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.error.NotFoundException;
import dev.mlops.registry.RegistryEvent.AliasMoved;
import dev.mlops.store.ObjectStore;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four processes register, promote and roll back and are killed at random. What they were told is
 * in files of their own, written after each answer.
 */
class CrashTest {
  private static final int KILLS = LongRuns.count(8, 200);
  private static final int PROCESSES = 4;
  private static final long SEED = 20260501;

  @TempDir
  Path temporary;

  @Test
  void processesKilledAtRandom_loseAndRepeatNothing() throws Exception {
    Path root = temporary.resolve("registry");
    int started = killRepeatedly(root);

    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < started; i++) {
      Path acks = acks(i);
      if (Files.exists(acks)) {
        acknowledged.addAll(completeLines(Files.readString(acks)));
      }
    }
    ModelRegistry registry =
        ModelRegistry.builder(ObjectStore.directory(root)).actor("auditor").build();
    ModelSnapshot state = registry.snapshot("fraud");
    List<RegistryEvent> history = registry.history("fraud");
    var registered = new HashSet<String>();
    for (String line : acknowledged) {
      String[] parts = line.split(" ");
      if (parts[0].equals("V")) {
        assertThat(registered.add(parts[1]))
            .as("version %s handed out twice", parts[1])
            .isTrue();
        ModelVersion version = state.versions().get(Integer.valueOf(parts[1]));
        assertThat(version).as("lost: %s", line).isNotNull();
        assertThat(version.artifact("model.flat").sha256())
            .as("lost: %s", line)
            .isEqualTo(parts[2]);
      } else {
        var moved = (AliasMoved) history.get(Integer.parseInt(parts[1]) - 1);
        assertThat(moved.to()).as("lost: %s", line).contains(Integer.valueOf(parts[2]));
        assertThat(moved.info().actor()).as("lost: %s", line).isEqualTo(parts[3]);
      }
    }
    assertThat(state.versions().keySet()).hasSize(state.versions().lastKey());
    assertThat(registry.verify().problems()).isEmpty();
    System.out.println("crash: " + KILLS + " kills, " + history.size() + " events, "
        + acknowledged.size() + " acknowledged, 0 lost, 0 repeated");
    assertThat(acknowledged.size()).isGreaterThan(KILLS);
  }

  private int killRepeatedly(Path root) throws Exception {
    var random = new SplittableRandom(SEED);
    var processes = new ArrayList<Process>();
    int[] numbers = {0, 1, 2, 3};
    int started = 0;
    try {
      for (; started < PROCESSES; started++) {
        processes.add(start(root, started));
      }
      for (int kills = 0; kills < KILLS; kills++) {
        int victim = random.nextInt(PROCESSES);
        Process process = processes.get(victim);
        if (kills % 5 != 0) { // every fifth may die while starting
          awaitFirstAnswer(process, acks(numbers[victim]));
        }
        assertThat(process.waitFor(random.nextLong(400), TimeUnit.MILLISECONDS))
            .as("process ended by itself: see its output")
            .isFalse();
        process.destroyForcibly().waitFor();
        numbers[victim] = started;
        processes.set(victim, start(root, started++));
      }
    } finally {
      for (Process process : processes) {
        process.destroyForcibly().waitFor();
      }
    }
    return started;
  }

  private static void awaitFirstAnswer(Process process, Path acks) throws Exception {
    for (int i = 0; i < 6000 && (!Files.exists(acks) || Files.size(acks) == 0); i++) {
      assertThat(process.waitFor(10, TimeUnit.MILLISECONDS))
          .as("process ended by itself: see its output")
          .isFalse();
    }
  }

  private Process start(Path root, int number) throws Exception {
    return Processes.start(
        Worker.class,
        temporary.resolve("out" + number),
        root.toString(),
        acks(number).toString(),
        "w" + number);
  }

  private Path acks(int number) {
    return temporary.resolve("acks" + number);
  }

  private static List<String> completeLines(String text) {
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** Works until it is killed. */
  static final class Worker {
    public static void main(String[] args) throws Exception {
      String actor = args[2];
      ModelRegistry registry = ModelRegistry.builder(ObjectStore.directory(Path.of(args[0])))
          .actor(actor)
          .build();
      try (var acks = new FileOutputStream(args[1], true)) {
        for (int i = 0; ; i++) {
          ModelVersion version = registry.register(
              "fraud", RegistryFixtures.draft((actor + " " + i + "\n").repeat(2000), 0.9));
          write(
              acks,
              "V " + version.number() + " " + version.artifact("model.flat").sha256());
          Promotion promoted = registry.promote(version, "champion", Gate.open());
          write(acks, "P " + promoted.seq() + " " + version.number() + " " + actor);
          if (i % 3 == 2) {
            try {
              Promotion back = registry.rollback("fraud", "champion");
              write(acks, "P " + back.seq() + " " + back.candidate().number() + " " + actor);
            } catch (NotFoundException e) {
              continue; // another process rolled back to the first version
            }
          }
        }
      }
    }

    private static void write(FileOutputStream acks, String line) throws Exception {
      acks.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
