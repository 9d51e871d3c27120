package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.error.MlopsException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.DirectoryStores;
import dev.mlops.testing.ManualClock;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BitFlipTest {
  private static final int FLIPS = LongRuns.count(1_000, 10_000);
  private static final long SEED = 20260501;

  @TempDir
  Path root;

  private Function<Path, ObjectStore> stores = ObjectStore::directory;

  @Test
  void anyFlippedBitInAnyFile_isFoundByVerify_andNeverReachesAReaderOfModels() throws Exception {
    assertEveryFlipIsFound(FLIPS);
  }

  /** With a file for each event, segments and what garbage collection keeps. */
  @Test
  void anyFlippedBitOnANetworkFileSystem_isFoundByVerify_andNeverReachesAReaderOfModels()
      throws Exception {
    stores = DirectoryStores::withoutDependableLocks;

    assertEveryFlipIsFound(FLIPS / 4);

    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.map(file -> root.relativize(file).toString()))
          .contains("models/fraud/segments/00000000000000000064.jsonl")
          .contains("models/fraud/log/00000000000000000068.json", "models/fraud/log/.journal")
          .anyMatch(file -> file.startsWith("gc/marks/"))
          .anyMatch(file -> file.startsWith("gc/trash/"))
          .anyMatch(file -> file.startsWith("gc/trashed/"));
    }
  }

  private void assertEveryFlipIsFound(int flips) throws Exception {
    byte[] model = fill();
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(file -> Files.isRegularFile(file) && file.toFile().length() > 0)
          .sorted()
          .toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    assertThat(open().verify().intact()).isTrue();
    var random = new SplittableRandom(SEED);
    int missed = 0;
    int served = 0;
    for (int i = 0; i < flips; i++) {
      Path file = files.get(random.nextInt(files.size()));
      long bit = random.nextLong(Files.size(file) * 8);
      flip(file, bit);
      if (open().verify().intact()) {
        missed++;
      }
      if (readsWrongBytes(model)) {
        served++;
      }
      flip(file, bit);
    }
    assertThat(missed).as("flips not found, seed %s", SEED).isZero();
    assertThat(served).as("flips served as a model, seed %s", SEED).isZero();
    assertThat(open().verify().intact()).isTrue();
  }

  private byte[] fill() {
    ModelRegistry registry = open();
    byte[] model = new byte[2_000];
    new SplittableRandom(1).nextBytes(model);
    registry.register(
        "fraud",
        VersionDraft.builder()
            .schema(RegistryFixtures.SCHEMA)
            .file(new ModelFile("model.flat", "flat", model))
            .build());
    var version = new ModelRef.Version("fraud", 1);
    registry.promote(version, "champion", Gate.open());
    for (int i = 0; i < 66; i++) {
      registry.tag(version, "k", "v" + i);
    }
    registry.register("churn", RegistryFixtures.draft("other", 0.9));
    Experiments experiments = Experiments.builder(stores.apply(root)).actor("x").build();
    try (Run run = experiments.start("fraud", "run")) {
      run.param("a", 1).metric("m", 0.5).artifact("notes", new byte[] {1, 2, 3});
      run.finish();
    }
    collectGarbage();
    return model;
  }

  /** Leaves one content in the trash and one that is marked. */
  private void collectGarbage() {
    var clock = ManualClock.at(Instant.parse("2026-05-01T10:00:00Z"));
    ModelRegistry collector =
        ModelRegistry.builder(stores.apply(root)).actor("x").clock(clock).build();
    for (String orphan : List.of("trashed", "marked")) {
      byte[] content = orphan.getBytes(StandardCharsets.UTF_8);
      String digest = Digests.sha256(content);
      stores
          .apply(root)
          .putIfAbsent("blobs/sha256/" + digest.substring(0, 2) + "/" + digest, content);
      collector.collectGarbage(Duration.ofHours(1));
      clock.advance(Duration.ofHours(1));
    }
  }

  private ModelRegistry open() {
    return ModelRegistry.builder(stores.apply(root)).actor("x").build();
  }

  private boolean readsWrongBytes(byte[] model) {
    try {
      ModelRegistry registry = open();
      ModelVersion version = registry.get(ModelRef.parse("fraud@champion"));
      return !Arrays.equals(registry.read(version, "model.flat"), model);
    } catch (MlopsException e) {
      return false;
    }
  }

  private static void flip(Path file, long bit) throws Exception {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var one = ByteBuffer.allocate(1);
      channel.read(one, bit / 8);
      one.put(0, (byte) (one.get(0) ^ 1 << bit % 8)).rewind();
      channel.write(one, bit / 8);
    }
  }
}
