package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventReader;
import dev.mlops.abtest.EventWriter;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.Metric;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.azure.internal.CosmosEvents;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Jvm;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.error.UnavailableException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What needs a process of its own and no emulator. */
@Execution(ExecutionMode.CONCURRENT)
class CosmosWithoutNodeTest {
  @TempDir
  Path temporary;

  @Test
  void account_withoutTheOptionalDependency_namesIt() throws Exception {
    String classpath = Stream.of(
            System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> !entry.contains("azure-cosmos"))
        .collect(Collectors.joining(java.io.File.pathSeparator));
    Path output = temporary.resolve("output");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classpath,
            Opener.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output))
        .contains(
            "UnavailableException: Cosmos DB needs the optional dependency com.azure:azure-cosmos");
  }

  /** Opens an account. */
  static final class Opener {
    public static void main(String[] args) {
      try {
        CosmosAccount.builder("https://localhost/", "d").key("a2V5").build();
      } catch (UnavailableException e) {
        System.out.println(e);
      }
    }
  }

  @Test
  void everythingElse_worksWithoutNetty() throws Exception {
    String classpath = Stream.of(
            System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry ->
            !entry.matches(".*(azure-cosmos|netty|micrometer|HdrHistogram|metrics-core).*"))
        .collect(Collectors.joining(java.io.File.pathSeparator));
    Path output = temporary.resolve("output");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classpath,
            NettyFree.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output))
        .contains("BLOB dev.mlops.error.UnavailableException")
        .contains("VAULT dev.mlops.error.UnavailableException")
        .contains("ML dev.mlops.error.UnavailableException")
        .contains("TELEMETRY true")
        .doesNotContain("NoClassDefFoundError");
  }

  /** Uses every other adapter against a port where nobody listens. */
  static final class NettyFree {
    public static void main(String[] args) {
      int port = Azurite.freePort();
      says(
          "BLOB",
          () -> BlobObjectStore.builder(Azurite.connectionString(port), "container")
              .timeout(Duration.ofMillis(500))
              .build()
              .get("k"));
      says(
          "VAULT",
          () -> KeyVaultSecrets.builder("https://127.0.0.1:" + port, new StaticCredential())
              .timeout(Duration.ofSeconds(5))
              .build()
              .get("k"));
      says(
          "ML",
          () -> AzureMlJobs.builder(
                  new AzureMlWorkspace("s", "g", "w", URI.create("https://127.0.0.1:" + port)),
                  new StaticCredential())
              .requestTimeout(Duration.ofSeconds(5))
              .build()
              .get("j"));
      AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
          .connectionString(Ingestion.connectionString(port))
          .build();
      telemetry.event("e", Map.of());
      System.out.println("TELEMETRY " + telemetry.close(Duration.ofSeconds(9)));
      System.exit(0);
    }

    private static void says(String name, Runnable call) {
      try {
        call.run();
      } catch (RuntimeException e) {
        System.out.println(name + " " + e.getClass().getName());
      }
    }
  }

  @Test
  void sink_ofWhichAPartIsRefusedForGood_writesTheRestAndCountsIt() {
    List<Integer> tried = new CopyOnWriteArrayList<>();
    EventWriter writer = CosmosEvents.writer(
        documents -> {
          tried.add(documents.size());
          // The first time one is too large and the rest is throttled.
          return tried.size() == 1
              ? new CosmosDb.Created(
                  documents.subList(1, documents.size()),
                  1,
                  Map.of(413, 1, 429, documents.size() - 1))
              : new CosmosDb.Created(List.of(), 0, Map.of());
        },
        Duration.ofSeconds(20));
    List<Event> batch = IntStream.range(0, 5)
        .<Event>mapToObj(
            i -> new Event.Outcome("o" + i, Instant.ofEpochMilli(2), "unit", "purchase", i))
        .toList();

    assertThatThrownBy(() -> writer.write(batch))
        .isInstanceOfSatisfying(
            EventWriter.PartlyWritten.class, e -> assertThat(e.lost()).isEqualTo(1));
    assertThat(tried).containsExactly(5, 4);
  }

  @Test
  void aMillionEvents_areAnalysedIn96Megabytes() throws Exception {
    Path output = temporary.resolve("output");
    // The last -Xmx wins.
    Process process = Jvm.start(Analyst.class, output, List.of("-Xmx96m"), Map.of(), "1000000");

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).contains("EXPOSURES 500000 OUTCOMES 500000");
  }

  /**
   * Analyses as many events as asked for, decoded from documents as they come from the container's
   * pages. The container is replaced: no emulator holds a million documents.
   */
  static final class Analyst {
    private static final int PARTITIONS = 32;

    public static void main(String[] args) {
      int each = Integer.parseInt(args[0]) / PARTITIONS;
      Experiment experiment =
          Experiment.builder("checkout").control("old", 50).variant("new", 50).build();
      AnalysisPlan plan =
          AnalysisPlan.fixed(100).metric(Metric.proportion("purchase")).build();
      Function<String, Iterator<ObjectNode>> pages = pk -> {
        boolean exposures = pk.startsWith("exposure/");
        int part = Integer.parseInt(pk.substring(pk.lastIndexOf('/') + 1));
        return IntStream.range(0, each)
            .mapToObj(i -> {
              String unit = "unit-" + (part * each + i);
              Event event = exposures
                  ? new Event.Exposure(
                      "x" + unit,
                      Instant.ofEpochMilli(1),
                      unit,
                      "checkout",
                      1,
                      i % 2 == 0 ? "old" : "new",
                      true)
                  : new Event.Outcome(
                      "o" + unit, Instant.ofEpochMilli(2), unit, "purchase", i % 3 == 0 ? 1 : 0);
              return CosmosEvents.document(event);
            })
            .iterator();
      };
      EventReader.Result result = EventReader.of(experiment, plan)
          .read(CosmosEvents.read(pages, "checkout", List.of("purchase")));
      System.out.println("EXPOSURES " + result.exposures() + " OUTCOMES " + result.outcomes());
    }
  }
}
