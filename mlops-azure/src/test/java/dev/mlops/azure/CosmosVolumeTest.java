package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventReader;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.Metric;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.azure.internal.CosmosEvents;
import dev.mlops.azure.peer.CosmosEmulator;
import dev.mlops.azure.peer.Jvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Events of many units in one container, written by the sink's writer and read by the real reader
 * in a process with little memory: a million with {@code -Dmlops.long=true}.
 */
@Isolated("keeps every processor busy; others measure time")
class CosmosVolumeTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final int EVENTS = LONG ? 1_000_000 : 32_000;
  /** A long run may be stopped for a while. */
  private static final Duration PATIENCE = Duration.ofMinutes(LONG ? 30 : 1);

  private static final int BATCH = 2_000;

  @TempDir
  Path temporary;

  @Test
  void events_ofAContainer_areAnalysedIn128Megabytes() throws Exception {
    try (CosmosEmulator emulator = CosmosEmulator.start()) {
      long start = System.nanoTime();
      try (CosmosAccount account = CosmosTest.open(emulator, Duration.ofSeconds(30))) {
        CosmosDb.Container documents = account.database().container("events");
        var writer = CosmosEvents.writer(documents::createAll, PATIENCE);
        for (int unit = 0; unit < EVENTS / 2; unit += BATCH / 2) {
          writer.write(IntStream.range(unit, unit + BATCH / 2)
              .boxed()
              .flatMap(i -> events(i).stream())
              .toList());
          if (unit % 50_000 == 0 && unit > 0) {
            System.out.printf(
                "%d events after %d s%n",
                2 * unit, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
          }
        }
      }
      long written = System.nanoTime();
      Path output = temporary.resolve("output");
      // The last -Xmx wins.
      Process process = Jvm.start(
          Analyst.class,
          output,
          List.of("-Xmx128m", "-DCOSMOS.HTTP_CONNECTION_WITHOUT_TLS_ALLOWED=true"),
          Map.of(),
          emulator.url());

      boolean ended = process.waitFor(30, TimeUnit.MINUTES);
      process.destroyForcibly();
      assertThat(ended).isTrue();
      assertThat(Files.readString(output))
          .contains("EXPOSURES " + EVENTS / 2 + " OUTCOMES " + EVENTS / 2 + " DUPLICATES 0");
      System.out.printf(
          "%d events: written in %d s, analysed in %d s%n",
          EVENTS,
          TimeUnit.NANOSECONDS.toSeconds(written - start),
          TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - written));
    }
  }

  private static List<Event> events(int i) {
    String unit = "unit-" + i;
    return List.of(
        new Event.Exposure(
            "x" + i,
            Instant.ofEpochMilli(1),
            unit,
            "checkout",
            1,
            i % 2 == 0 ? "old" : "new",
            true),
        new Event.Outcome("o" + i, Instant.ofEpochMilli(2), unit, "purchase", i % 3 == 0 ? 1 : 0));
  }

  /** Analyses what the container holds. */
  static final class Analyst {
    public static void main(String[] args) {
      Experiment experiment =
          Experiment.builder("checkout").control("old", 50).variant("new", 50).build();
      AnalysisPlan plan =
          AnalysisPlan.fixed(100).metric(Metric.proportion("purchase")).build();
      try (CosmosAccount account = CosmosAccount.builder(args[0], "mlops")
          .key(CosmosEmulator.KEY)
          .endpointDiscovery(false)
          .build()) {
        EventReader.Result result = EventReader.of(experiment, plan)
            .read(CosmosEventSink.events(account, "events", "checkout", List.of("purchase")));
        System.out.println("EXPOSURES " + result.exposures() + " OUTCOMES " + result.outcomes()
            + " DUPLICATES " + result.duplicates());
      }
      System.exit(0);
    }
  }
}
