package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children of this JVM write; some are killed in the middle, one has little memory. */
class EventCrashTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final Experiment EXPERIMENT =
      Experiment.builder("e").control("a", 1).variant("b", 1).build();
  private static final AnalysisPlan PLAN = AnalysisPlan.fixed(1000)
      .metric(Metric.proportion("converted"))
      .metric(Metric.mean("revenue"))
      .build();

  @TempDir
  Path dir;

  @Test
  void kill_whileWriting_losesNoAcknowledgedEvent() throws Exception {
    Random random = new Random(11);
    long acknowledged = 0;
    for (int run = 0; run < (LONG ? 30 : 4); run++) {
      Process child = ChildJvm.start(Endless.class, dir.toString());
      long last = 0;
      try (BufferedReader out = new BufferedReader(
          new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
        int lines = 5 + random.nextInt(40);
        for (int i = 0; i < lines; i++) {
          last = Long.parseLong(out.readLine());
        }
        // Process.destroyForcibly would close the pipe before it is read to its end.
        child.toHandle().destroyForcibly();
        child.waitFor();
        for (String rest = out.readLine(); rest != null; rest = out.readLine()) {
          last = rest.matches("\\d+") ? Math.max(last, Long.parseLong(rest)) : last;
        }
      }
      acknowledged += last;
      assertThat(last).isPositive();
    }

    EventReader.Result result = EventReader.of(EXPERIMENT, PLAN).read(dir);

    assertThat(result.outcomes()).isGreaterThanOrEqualTo(acknowledged);
    assertThat(result.corruptLines()).isZero();
  }

  @Test
  void sinkAndReader_workInLittleMemory() throws Exception {
    long events = LONG ? 10_000_000 : 300_000;

    ChildJvm.Result result =
        ChildJvm.run(Load.class, "-Xmx256m", dir.toString(), Long.toString(events));

    assertThat(result.output()).contains("read " + events + " dropped 0");
    assertThat(result.exit()).isZero();
  }

  /** Prints after every flush how many of its events are written; runs until it is killed. */
  public static final class Endless {
    private Endless() {}

    public static void main(String[] args) {
      EventSink sink =
          EventSink.toDirectory(Path.of(args[0])).maxFileBytes(200_000).open();
      for (long i = 0; ; i++) {
        sink.outcome("unit-" + i, "converted", 1);
        if (i % 97 == 0) {
          sink.flush(Duration.ofSeconds(30));
          System.out.println(sink.counts().written());
          System.out.flush();
        }
      }
    }
  }

  /** Half exposures, half outcomes; waits when the queue is full, so nothing may be dropped. */
  public static final class Load {
    private Load() {}

    public static void main(String[] args) {
      Path dir = Path.of(args[0]);
      long events = Long.parseLong(args[1]);
      long begin = System.nanoTime();
      EventSink sink = EventSink.toDirectory(dir).queueCapacity(20_000).open();
      Assigner assigner = Assigner.of(EXPERIMENT, sink);
      for (long i = 0; i < events / 2; i++) {
        String unit = "unit-" + i;
        assigner.expose(unit);
        sink.outcome(unit, i % 2 == 0 ? "converted" : "revenue", 1 + i % 7);
        if (i % 8000 == 0) {
          sink.flush(Duration.ofMinutes(1));
        }
      }
      sink.close(Duration.ofMinutes(1));
      long written = System.nanoTime();
      EventReader.Result result = EventReader.of(EXPERIMENT, PLAN).read(dir);
      long read = result.exposures() + result.outcomes();
      System.out.println("read " + read + " dropped " + sink.dropped());
      System.out.printf(
          "write %.1f s, read %.1f s, units %d, heap limit %d MiB%n",
          (written - begin) / 1e9,
          (System.nanoTime() - written) / 1e9,
          result.data().units(),
          Runtime.getRuntime().maxMemory() >> 20);
    }
  }
}
