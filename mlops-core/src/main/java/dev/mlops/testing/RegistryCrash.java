package dev.mlops.testing;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelFile;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.Promotion;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.registry.RegistryEvent.AliasMoved;
import dev.mlops.registry.VersionDraft;
import dev.mlops.store.ObjectStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Processes that register, promote and roll back on one store and are killed at random. What they
 * were told is in files of their own, written after each answer; in the end the registry must hold
 * all of it, once. For every {@link ObjectStore} that processes share.
 *
 * <p>The main method of a worker process calls {@link #work}; the test calls {@link #run}. All
 * methods are safe for use by several threads.
 */
public final class RegistryCrash {
  private static final String MODEL = "fraud";
  private static final long FIRST_ANSWER_SECONDS = 120;

  private RegistryCrash() {}

  /** Starts worker processes. */
  @FunctionalInterface
  public interface Worker {
    /**
     * Starts a process that calls {@link RegistryCrash#work}.
     *
     * @param number counts from 0; names the process's actor and files
     * @param acknowledged the file to hand to the process
     * @return the process
     * @throws Exception if it cannot be started; ends the run
     */
    Process start(int number, Path acknowledged) throws Exception;
  }

  /**
   * What a run that lost and repeated nothing saw.
   *
   * @param kills processes killed
   * @param events events in the model's log
   * @param acknowledged operations that a process was told to have succeeded
   */
  public record Report(int kills, int events, int acknowledged) {}

  /**
   * Registers, promotes and rolls back until the process is killed.
   *
   * @param store the store that all processes share
   * @param acknowledged grows by a line for each answer
   * @param actor who does it, different for each process
   * @throws IOException if the file cannot be written
   */
  public static void work(ObjectStore store, Path acknowledged, String actor) throws IOException {
    ModelRegistry registry = ModelRegistry.builder(store).actor(actor).build();
    try (var acks = new FileOutputStream(acknowledged.toFile(), true)) {
      for (int i = 0; ; i++) {
        ModelVersion version = registry.register(MODEL, draft(actor + " " + i + "\n"));
        write(
            acks, "V " + version.number() + " " + version.artifact("model.flat").sha256());
        Promotion promoted = registry.promote(version, "champion", Gate.open());
        write(acks, "P " + promoted.seq() + " " + version.number() + " " + actor);
        if (i % 3 == 2) {
          rollBack(registry, acks, actor);
        }
      }
    }
  }

  private static VersionDraft draft(String line) {
    return VersionDraft.builder()
        .schema(new Schema(
            List.of(new Feature.Numeric("amount")),
            new Target.Classes("is_fraud", List.of("no", "yes"))))
        .file(
            new ModelFile("model.flat", "flat", line.repeat(2000).getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  private static void rollBack(ModelRegistry registry, FileOutputStream acks, String actor)
      throws IOException {
    Promotion back;
    try {
      back = registry.rollback(MODEL, "champion");
    } catch (NotFoundException e) {
      return; // the others have rolled back to the first version
    }
    write(acks, "P " + back.seq() + " " + back.candidate().number() + " " + actor);
  }

  private static void write(FileOutputStream acks, String line) throws IOException {
    acks.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Starts workers, kills one after the other and starts another in its place, kills all, and
   * checks the registry against what they were told.
   *
   * @param worker starts a process
   * @param store the store that the processes share, empty at first
   * @param directory receives the workers' files; empty at first
   * @param processes how many run at once
   * @param kills how many are killed and replaced
   * @param seed chooses whom and when
   * @return what was seen
   * @throws AssertionError if an acknowledged operation was lost or repeated, the log is damaged,
   *     or a process ended by itself
   * @throws Exception if a process cannot be started
   */
  public static Report run(
      Worker worker, ObjectStore store, Path directory, int processes, int kills, long seed)
      throws Exception {
    int started = kill(worker, directory, processes, kills, new SplittableRandom(seed));
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < started; i++) {
      Path acks = acks(directory, i);
      if (Files.exists(acks)) {
        String text = Files.readString(acks);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(acknowledged::add);
      }
    }
    ModelRegistry registry = ModelRegistry.builder(store).actor("auditor").build();
    List<RegistryEvent> history = registry.history(MODEL);
    ModelSnapshot state = registry.snapshot(MODEL);
    var registered = new HashSet<String>();
    for (String line : acknowledged) {
      String[] parts = line.split(" ", -1);
      if (parts[0].equals("V")) {
        require(registered.add(parts[1]), "version handed out twice: " + line);
        ModelVersion version = state.versions().get(Integer.valueOf(parts[1]));
        require(
            version != null && version.artifact("model.flat").sha256().equals(parts[2]),
            "lost: " + line);
      } else {
        RegistryEvent event = history.get(Integer.parseInt(parts[1]) - 1);
        require(
            event instanceof AliasMoved moved
                && moved.to().equals(Optional.of(Integer.valueOf(parts[2])))
                && moved.info().actor().equals(parts[3]),
            "lost: " + line + ", found " + event);
      }
    }
    require(
        state.versions().size() == state.versions().lastKey(),
        "version numbers with gaps: " + state.versions().keySet());
    require(
        registry.verify().problems().isEmpty(), "damaged: " + registry.verify().problems());
    return new Report(kills, history.size(), acknowledged.size());
  }

  /** Returns how many processes were started. */
  private static int kill(
      Worker worker, Path directory, int processes, int kills, SplittableRandom random)
      throws Exception {
    List<Process> running = new ArrayList<>();
    List<Path> acks = new ArrayList<>();
    int started = 0;
    try {
      for (; started < processes; started++) {
        acks.add(acks(directory, started));
        running.add(worker.start(started, acks.get(started)));
      }
      for (int kill = 0; kill < kills; kill++) {
        int victim = random.nextInt(processes);
        if (kill % 5 != 0) { // every fifth may die while starting
          awaitFirstAnswer(running.get(victim), acks.get(victim));
        }
        requireAlive(running.get(victim), random.nextLong(400));
        running.get(victim).destroyForcibly().waitFor();
        acks.set(victim, acks(directory, started));
        running.set(victim, worker.start(started++, acks.get(victim)));
      }
      for (int i = 0; i < processes; i++) {
        awaitFirstAnswer(running.get(i), acks.get(i));
      }
    } finally {
      for (Process process : running) {
        process.destroyForcibly().waitFor();
      }
    }
    return started;
  }

  private static void awaitFirstAnswer(Process process, Path acks) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FIRST_ANSWER_SECONDS);
    while (!Files.exists(acks) || Files.size(acks) == 0) {
      requireAlive(process, 10);
      require(System.nanoTime() < deadline, "no answer within " + FIRST_ANSWER_SECONDS + " s");
    }
  }

  private static void requireAlive(Process process, long millis) throws InterruptedException {
    require(
        !process.waitFor(millis, TimeUnit.MILLISECONDS),
        "a process ended by itself: see its output");
  }

  private static Path acks(Path directory, int number) {
    return directory.resolve("acknowledged-" + number);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
