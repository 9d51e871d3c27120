package dev.mlops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.error.MlopsException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BitFlipTest {
  private static final int FLIPS = LongRuns.count(1_000, 10_000);
  private static final long SEED = 20260501;

  @TempDir
  Path root;

  @Test
  void anyFlippedBitInAnyFile_isFoundByVerify_andNeverReachesAReaderOfModels() throws Exception {
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
    for (int i = 0; i < FLIPS; i++) {
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
    Experiments experiments =
        Experiments.builder(ObjectStore.directory(root)).actor("x").build();
    try (Run run = experiments.start("fraud", "run")) {
      run.param("a", 1).metric("m", 0.5).artifact("notes", new byte[] {1, 2, 3});
      run.finish();
    }
    return model;
  }

  private ModelRegistry open() {
    return ModelRegistry.builder(ObjectStore.directory(root)).actor("x").build();
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
