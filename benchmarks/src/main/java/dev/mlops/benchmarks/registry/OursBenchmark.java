package dev.mlops.benchmarks.registry;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.VersionDraft;
import dev.mlops.store.ObjectStore;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A registry in a directory. Every write is forced to the disk before it returns. */
@State(Scope.Benchmark)
public class OursBenchmark {
  static final int EVENTS = 1000;
  private static final ModelRef.Version FIRST = new ModelRef.Version("fraud", 1);

  private Path directory = Path.of("");
  private ModelRegistry registry = ModelRegistry.inMemory();
  private ModelRegistry fixed = registry;
  private Run run = Experiments.inMemory().start("none", "none");
  private long count;

  /** Fills one registry with 1000 events and starts another and a run. */
  @Setup(Level.Trial)
  public void setUp() {
    directory = Scratch.create();
    registry = fill("growing", 1);
    fixed = fill("fixed", EVENTS);
    run = Experiments.builder(ObjectStore.directory(directory.resolve("runs")))
        .actor("benchmark")
        .build()
        .start("fraud", "run");
  }

  private ModelRegistry fill(String name, int events) {
    ModelRegistry filled = open(name);
    filled.register(
        "fraud",
        VersionDraft.builder()
            .schema(new Schema(
                List.of(new Feature.Numeric("amount"), new Feature.Numeric("hour")),
                new Target.Classes("is_fraud", List.of("no", "yes"))))
            .file(new ModelFile("model.flat", "flat", new byte[1000]))
            .metric("roc_auc", 0.9)
            .build());
    for (int i = 1; i < events; i++) {
      filled.tag(FIRST, "step", "value " + i);
    }
    return filled;
  }

  private ModelRegistry open(String name) {
    return ModelRegistry.builder(ObjectStore.directory(directory.resolve(name)))
        .actor("benchmark")
        .build();
  }

  /** Removes the files. */
  @TearDown(Level.Trial)
  public void tearDown() {
    run.close();
    Scratch.delete(directory);
  }

  /** Appends one event durably. */
  @Benchmark
  public void commit() {
    registry.tag(FIRST, "step", "value " + count++);
  }

  /**
   * Opens a registry whose model has 1000 events.
   *
   * @return how many there are
   */
  @Benchmark
  public long open() {
    return open("fixed").snapshot("fraud").seq();
  }

  /**
   * Asks whether anything happened.
   *
   * @return the last event
   */
  @Benchmark
  public long poll() {
    return fixed.snapshot("fraud").seq();
  }

  /** Logs a metric, durable with the 4096 of its segment. */
  @Benchmark
  public void metric() {
    run.metric("loss", 0.5, count++);
  }
}
