package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.store.ObjectStore;
import dev.mlops.testing.RegistryCrash;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four processes register, promote and roll back in one directory and are killed at random. */
class CrashTest {
  private static final int KILLS = LongRuns.count(8, 200);
  private static final int PROCESSES = 4;
  private static final long SEED = 20260501;

  @TempDir
  Path temporary;

  @Test
  void processesKilledAtRandom_loseAndRepeatNothing() throws Exception {
    Path root = temporary.resolve("registry");

    RegistryCrash.Report report = RegistryCrash.run(
        (number, acknowledged) -> Processes.start(
            Worker.class,
            temporary.resolve("out" + number),
            root.toString(),
            acknowledged.toString(),
            "w" + number),
        ObjectStore.directory(root),
        temporary,
        PROCESSES,
        KILLS,
        SEED);

    System.out.println("crash: " + report + ", 0 lost, 0 repeated");
    assertThat(report.acknowledged()).isGreaterThan(KILLS);
  }

  /** Works until it is killed. */
  static final class Worker {
    public static void main(String[] args) throws Exception {
      RegistryCrash.work(ObjectStore.directory(Path.of(args[0])), Path.of(args[1]), args[2]);
    }
  }
}
