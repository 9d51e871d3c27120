package dev.mlops.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.UnavailableException;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.RegistryFixtures;
import dev.mlops.registry.StoreDecorator;
import dev.mlops.store.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Garbage collection relies on contents that were looked for shortly before the commit. */
class StoredContentsTest {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @TempDir
  Path directory;

  private final SlowStore store = new SlowStore();

  @Test
  void registration_whoseUploadTookLong_storesItsFilesAgainBeforeItCommits() {
    var draft = RegistryFixtures.draft("model", 0.9);
    var pending = new PendingVersion(
        new Blobs(store),
        Cards.draft("fraud", draft),
        draft,
        new Author("ann", ""),
        Instant.parse("2026-05-01T10:00:00Z"),
        () -> store.nanos);
    store.firstPutTakes = 31 * MINUTE;

    pending.storeFiles();
    pending.storeCard(1);
    assertThat(store.blobPuts).hasSize(4).doesNotHaveDuplicates();

    assertThat(pending.artifacts(1)).isPresent();
    assertThat(store.blobPuts).hasSize(8);
    assertThat(pending.artifacts(1)).isPresent();
    assertThat(store.blobPuts).as("in time, so not again").hasSize(8);
  }

  @Test
  void importedContents_thatWereStoredLongBeforeAnEvent_areStoredAgain() {
    ModelRegistry source = ModelRegistry.inMemory();
    source.register("fraud", RegistryFixtures.draft("model", 0.9));
    Path file = directory.resolve("fraud.mlops");
    source.exportTo("fraud", file);
    store.firstPutTakes = 31 * MINUTE;

    new ExportFile(store, () -> store.nanos).read(file, 1 << 20, model -> {});

    assertThat(store.blobPuts).hasSize(8);
    assertThat(store.blobPutsBeforeFirstEvent).isEqualTo(8);
  }

  @Test
  void contentsThatCannotBeStoredInTime_areNotReferredTo() {
    var contents = new StoredContents(() -> store.nanos, () -> store.nanos += 31 * MINUTE);
    contents.store();

    assertThatThrownBy(contents::refresh)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("longer than 30 minutes");
  }

  /** Notes when contents are put; the first takes its time. */
  private static final class SlowStore extends StoreDecorator {
    private final List<String> blobPuts = new ArrayList<>();
    private long nanos = -5;
    private long firstPutTakes;
    private int blobPutsBeforeFirstEvent = -1;

    SlowStore() {
      super(ObjectStore.inMemory());
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
      if (key.startsWith(Blobs.PREFIX)) {
        blobPuts.add(key);
        nanos += firstPutTakes;
        firstPutTakes = 0;
      } else if (key.contains("/log/") && blobPutsBeforeFirstEvent < 0) {
        blobPutsBeforeFirstEvent = blobPuts.size();
      }
      return super.putIfAbsent(key, content);
    }
  }
}
