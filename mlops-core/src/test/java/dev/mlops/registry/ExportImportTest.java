package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportImportTest {
  private static final long LIMIT = 1 << 20;

  @TempDir
  Path directory;

  private final ModelRegistry source = ModelRegistry.inMemory();
  private final ObjectStore targetStore = ObjectStore.inMemory();
  private final ModelRegistry target =
      ModelRegistry.builder(targetStore).actor("importer").build();
  private Path file;

  @BeforeEach
  void export() {
    file = directory.resolve("fraud.mlops");
    source.register("fraud", draft("one", 0.9));
    source.register("fraud", draft("two", 0.92));
    source.promote(new ModelRef.Version("fraud", 2), "champion", Gate.atLeast("roc_auc", 0.9));
    source.exportTo("fraud", file);
  }

  @Test
  void importFrom_bringsVersionsHistoryAndContents_andRepeatingItChangesNothing() {
    ModelSnapshot state = target.importFrom(file, LIMIT);

    assertThat(state).isEqualTo(source.snapshot("fraud"));
    assertThat(target.history("fraud")).isEqualTo(source.history("fraud"));
    assertThat(target.read(state.version(2), "model.flat")).asString().isEqualTo("two");
    assertThat(target.models()).containsExactly("fraud");
    assertThat(target.verify().problems()).isEmpty();
    var keys = targetStore.list("");
    target.importFrom(file, LIMIT);
    assertThat(targetStore.list("")).isEqualTo(keys);
    assertThat(target.register("fraud", draft("three", 0.9)).number()).isEqualTo(3);
  }

  @Test
  void importFrom_ofALongerHistory_addsWhatIsMissing() {
    target.importFrom(file, LIMIT);
    source.register("fraud", draft("three", 0.9));
    source.exportTo("fraud", file);

    assertThat(target.importFrom(file, LIMIT).versions()).hasSize(3);
    assertThat(target.verify().problems()).isEmpty();
  }

  @Test
  void importFrom_intoAnotherHistory_isAConflictAndChangesNothing() {
    target.register("fraud", draft("own", 0.9));
    var keys = targetStore.list("");

    assertThatThrownBy(() -> target.importFrom(file, LIMIT))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("another history");
    assertThat(targetStore.list("")).isEqualTo(keys);
  }

  @Test
  void importFrom_ofAnyFlippedBitOrCutFile_isRefusedAndWritesNothing() throws Exception {
    byte[] honest = Files.readAllBytes(file);
    long seed = 20260501;
    var random = new SplittableRandom(seed);
    Path forged = directory.resolve("forged");
    for (int i = 0; i < LongRuns.count(500, 20_000); i++) {
      byte[] bytes = honest.clone();
      int at = random.nextInt(bytes.length);
      if (i % 4 == 0) {
        bytes = Arrays.copyOf(bytes, at);
      } else if (i % 4 == 1) {
        ByteBuffer.wrap(bytes).putInt(Math.min(at, bytes.length - 4), random.nextInt());
      } else {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
      if (Arrays.equals(bytes, honest)) {
        continue;
      }
      Files.write(forged, bytes);
      assertThatThrownBy(() -> target.importFrom(forged, LIMIT))
          .as("seed %s, case %s", seed, i)
          .isInstanceOf(MlopsException.class);
    }
    assertThat(targetStore.list("")).isEmpty();
  }

  @Test
  void importFrom_ofLengthsBeyondTheFile_reservesNothing() throws Exception {
    byte[] honest = Files.readAllBytes(file);
    Path forged = directory.resolve("forged");
    int countAt = 8 + 2 + "fraud".length();
    for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 30}) {
      byte[] bytes = honest.clone();
      ByteBuffer.wrap(bytes).putInt(countAt + 4, length);
      Files.write(forged, bytes);
      assertThatThrownBy(() -> target.importFrom(forged, LIMIT))
          .isInstanceOf(CorruptException.class)
          .hasMessageContaining("holds a piece of " + length + " bytes");
    }
  }

  @Test
  void importFrom_ofLargeLinkedOrForeignFiles_isRefused() throws Exception {
    assertThatThrownBy(() -> target.importFrom(file, 100))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at most 100");
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThatThrownBy(() -> target.importFrom(link, LIMIT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no regular file");
    assertThatThrownBy(() -> target.importFrom(directory.resolve("none"), LIMIT))
        .isInstanceOf(InvalidInputException.class);
    Path text = Files.writeString(directory.resolve("text"), "PK\3\4 a zip file ../../etc/passwd");
    assertThatThrownBy(() -> target.importFrom(text, LIMIT))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("no exported model");
    assertThatThrownBy(() -> source.exportTo("none", file)).isInstanceOf(NotFoundException.class);
    assertThat(targetStore.list("")).isEmpty();
  }

  @Test
  void exportTo_besideAPlantedLink_writesNothingThroughIt() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Files.createSymbolicLink(directory.resolve(".again.mlops.part"), victim);
    Files.createSymbolicLink(directory.resolve("again.mlops"), victim);

    source.exportTo("fraud", directory.resolve("again.mlops"));

    assertThat(victim).hasContent("precious");
    assertThat(directory.resolve("again.mlops")).hasSameBinaryContentAs(file);
    assertThat(Files.isSymbolicLink(directory.resolve("again.mlops"))).isFalse();
  }

  @Test
  void exportTo_thatFails_leavesNothingBehind() throws Exception {
    ObjectStore store = ObjectStore.inMemory();
    ModelRegistry damaged = ModelRegistry.builder(store).actor("x").build();
    damaged.register("fraud", draft("one", 0.9));
    store.list("blobs/").forEach(store::delete);

    assertThatThrownBy(() -> damaged.exportTo("fraud", directory.resolve("broken")))
        .isInstanceOf(CorruptException.class);
    assertThat(directory.toFile().list()).containsExactly("fraud.mlops");
  }
}
