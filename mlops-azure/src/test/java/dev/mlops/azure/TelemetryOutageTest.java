package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Ingestion.Mode;
import dev.mlops.azure.peer.Jvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outages that outlast the retries. Services run in processes of their own, each with its own
 * temporary directory, because the exporter's offline storage lies there; all at once, because it
 * waits up to half a minute before it sends a file.
 */
class TelemetryOutageTest {
  private static final Duration OUTAGE =
      Boolean.getBoolean("mlops.long") ? Duration.ofMinutes(2) : Duration.ofSeconds(3);
  private static final int BURSTS = 3;
  private static final int EACH = 20;

  @TempDir
  Path temporary;

  private interface Scenario {
    List<String> arrived() throws Exception;
  }

  @Test
  void outages_loseAndDoubleNothing() throws Exception {
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    for (Mode mode : List.of(Mode.THROTTLE_429, Mode.FAIL_500, Mode.PARTIAL_206, Mode.DROP)) {
      scenarios.put(mode.name(), () -> outage(mode));
    }
    scenarios.put("REFUSED_AND_RESTARTED", this::refusedAndRestarted);
    scenarios.put("SILENT_AND_RESTARTED", this::silentAndRestarted);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      Map<String, Future<List<String>>> running = new LinkedHashMap<>();
      scenarios.forEach((name, scenario) -> running.put(name, threads.submit(scenario::arrived)));
      for (Map.Entry<String, Future<List<String>>> each : running.entrySet()) {
        assertThat(each.getValue().get())
            .as(each.getKey())
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, BURSTS * EACH).mapToObj(i -> "event-" + i).toList());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> outage(Mode mode) throws Exception {
    try (Ingestion ingestion = new Ingestion()) {
      ingestion.mode(mode);
      Process service = service(mode.name(), ingestion.port());
      for (int burst = 0; burst < BURSTS; burst++) {
        tell(service, "burst");
        TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis() / BURSTS);
      }
      waitUntil(() -> ingestion.refused() > 0, Duration.ofSeconds(30));
      ingestion.mode(Mode.ACCEPT);
      waitUntil(() -> names(ingestion).size() >= BURSTS * EACH, Duration.ofMinutes(4));
      tell(service, "close");
      assertThat(service.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return names(ingestion);
    }
  }

  private List<String> refusedAndRestarted() throws Exception {
    int port = Azurite.freePort();
    Process first = service("refused", port);
    for (int burst = 0; burst < BURSTS; burst++) {
      tell(first, "burst");
      TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis() / BURSTS);
    }
    tell(first, "close");
    return arrivedAfterRestart("refused", port, first);
  }

  /**
   * The endpoint takes connections and says nothing, and the service closes as it does unless told
   * otherwise.
   */
  private List<String> silentAndRestarted() throws Exception {
    Process first;
    int port;
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = silent.getLocalPort();
      first = service("silent", port);
      for (int burst = 0; burst < BURSTS; burst++) {
        tell(first, "burst");
        TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis() / BURSTS);
      }
      tell(first, "close by default");
      assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    return arrivedAfterRestart("silent", port, first);
  }

  private List<String> arrivedAfterRestart(String name, int port, Process first) throws Exception {
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    try (Ingestion ingestion = new Ingestion(port)) {
      Process second = service(name, port);
      waitUntil(() -> names(ingestion).size() >= BURSTS * EACH, Duration.ofMinutes(4));
      tell(second, "close");
      assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return names(ingestion);
    }
  }

  private Process service(String name, int port) throws Exception {
    Path directory = Files.createDirectories(temporary.resolve(name));
    return Jvm.start(
        Service.class,
        directory.resolve("output"),
        List.of("-Djava.io.tmpdir=" + directory),
        Map.of(),
        Integer.toString(port));
  }

  private static void tell(Process service, String word) throws Exception {
    service.outputWriter().write(word + "\n");
    service.outputWriter().flush();
  }

  private static List<String> names(Ingestion ingestion) {
    return ingestion.accepted(e -> e.at("/data/baseType").asText().equals("EventData")).stream()
        .map(e -> e.at("/data/baseData/name").asText())
        .toList();
  }

  private interface Condition {
    boolean holds();
  }

  private static void waitUntil(Condition condition, Duration atMost) throws Exception {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.holds() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Emits events when told to. */
  static final class Service {
    public static void main(String[] args) throws Exception {
      AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
          .connectionString(Ingestion.connectionString(Integer.parseInt(args[0])))
          .build();
      List<String> emitted = new ArrayList<>();
      try (var in = new java.util.Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8)) {
        String word = in.nextLine();
        for (; word.equals("burst"); word = in.nextLine()) {
          for (int i = 0; i < EACH; i++) {
            emitted.add("event-" + emitted.size());
            telemetry.event(emitted.get(emitted.size() - 1), Map.of());
          }
        }
        if (word.equals("close by default")) {
          telemetry.close();
        } else {
          System.out.println("CLOSED " + telemetry.close(Duration.ofSeconds(20)));
        }
      }
      System.exit(0);
    }
  }
}
