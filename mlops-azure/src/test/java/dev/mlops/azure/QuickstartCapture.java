package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Jvm;
import dev.mlops.examples.quickstart.Quickstart;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One run of the quickstart on its own table, in a process of its own, whose global OpenTelemetry
 * is Azure Monitor's: what arrived at the ingestion endpoint, and where connections went.
 *
 * @param envelopes what was accepted, decoded
 * @param targets host and port of every connection that the process asked for
 * @param port the ingestion endpoint's
 */
record QuickstartCapture(List<JsonNode> envelopes, List<String> targets, int port) {
  private static @Nullable QuickstartCapture once;

  static synchronized QuickstartCapture get() {
    QuickstartCapture captured = once;
    if (captured == null) {
      try {
        captured = capture();
        once = captured;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return captured;
  }

  private static QuickstartCapture capture() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(
            Files.createDirectories(Path.of("target", "quickstart")), "run")
        .toAbsolutePath();
    Path output = directory.resolve("output");
    try (Ingestion ingestion = new Ingestion()) {
      Process process = Jvm.start(
          Host.class,
          output,
          List.of("-Xmx512m", "-Djava.io.tmpdir=" + directory),
          Map.of(),
          ingestion.connectionString(),
          "--out=" + directory.resolve("out"));
      boolean ended = process.waitFor(4, TimeUnit.MINUTES);
      List<String> lines = Files.readAllLines(output);
      assertThat(ended).as(String.join("\n", lines)).isTrue();
      assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
      assertThat(lines).contains("SENT true");
      return new QuickstartCapture(
          ingestion.accepted(),
          lines.stream()
              .filter(line -> line.startsWith("TARGET "))
              .map(line -> line.substring(7))
              .toList(),
          ingestion.port());
    }
  }

  /** What it takes to send the quickstart's telemetry to Azure: one line before its main. */
  static final class Host {
    public static void main(String[] args) {
      try (RecordingProxy proxy = RecordingProxy.install()) {
        AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
            .connectionString(args[0])
            .serviceName("quickstart")
            .property("otel.resource.attributes", "service.instance.id=instance-1")
            // One set of metrics, at the end, however long the run takes.
            .metricInterval(Duration.ofHours(1))
            .build();
        GlobalOpenTelemetry.set(telemetry.openTelemetry());
        Quickstart.main(new String[] {args[1]});
        System.out.println("SENT " + telemetry.close(Duration.ofSeconds(60)));
        proxy.targets().forEach(target -> System.out.println("TARGET " + target));
      }
      System.exit(0);
    }
  }
}
