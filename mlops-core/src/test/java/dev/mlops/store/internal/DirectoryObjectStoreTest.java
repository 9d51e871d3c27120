package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store in a directory does beside the contract of all stores. */
class DirectoryObjectStoreTest {
  @TempDir
  Path temporary;

  private Path root;
  private Path outside;
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    root = temporary.resolve("store");
    outside = Files.createDirectories(temporary.resolve("outside"));
    store = ObjectStore.directory(root);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String numbered(String directory, long number) {
    return directory + "/" + Numbered.name(number);
  }

  /** A directory that is a link, and a file that is one, also where nothing is behind it. */
  @ParameterizedTest
  @ValueSource(strings = {"linked/x", "linked/deep/x", "dir/file", "dir/dangling"})
  void linksInsideTheStore_areFollowedByNoCall(String key) throws Exception {
    store.putIfAbsent("dir/honest", text("x"));
    Files.createDirectories(outside.resolve("deep"));
    Files.writeString(outside.resolve("x"), "secret");
    Files.writeString(outside.resolve("deep").resolve("x"), "secret");
    Files.createSymbolicLink(root.resolve("linked"), outside);
    Files.createSymbolicLink(root.resolve("dir").resolve("file"), outside.resolve("x"));
    Files.createSymbolicLink(root.resolve("dir").resolve("dangling"), outside.resolve("new"));

    assertRefused(() -> store.get(key));
    assertRefused(() -> store.get(key, 10));
    assertRefused(() -> store.putIfAbsent(key, text("y")));
    assertRefused(() -> store.delete(key));
    assertRefused(() -> store.list(key.substring(0, key.indexOf('/') + 1)));
    assertRefused(() -> store.list(""));
    assertThat(outside.resolve("x")).hasContent("secret");
    assertThat(outside.resolve("deep").resolve("x")).hasContent("secret");
    assertThat(outside.resolve("new")).doesNotExist();
  }

  @Test
  void linkedDirectoryOfNumberedObjects_isFollowedByNoCall() throws Exception {
    ObjectStore other = ObjectStore.directory(outside);
    other.putIfAbsent(numbered("log", 1), text("secret"));
    store.putIfAbsent("x", text("x"));
    Files.createSymbolicLink(root.resolve("log"), outside.resolve("log"));

    assertRefused(() -> store.get(numbered("log", 1)));
    assertRefused(() -> store.putIfAbsent(numbered("log", 2), text("y")));
    assertRefused(() -> store.delete(numbered("log", 1)));
    assertRefused(() -> store.list("log/"));
    assertThat(other.list("")).hasSize(1);
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("is a symbolic link; a store follows none");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void secondPut_isRefused_withAndWithoutHardLinks(boolean links) {
    ObjectStore chosen =
        links ? store : DirectoryStores.withoutHardLinks(temporary.resolve("no-links"));

    assertThat(chosen.putIfAbsent("a/b", text("first"))).isTrue();
    assertThat(chosen.putIfAbsent("a/b", text("second"))).isFalse();
    assertThat(chosen.putIfAbsent("a/c", text("third"))).isTrue();
    assertThat(chosen.get("a/b")).hasValue(text("first"));
    assertThat(chosen.list("")).containsExactly("a/b", "a/c");
    assertThat(temporary.resolve(links ? "store/.tmp" : "no-links/.tmp")).isEmptyDirectory();
    assertThat(temporary.resolve("no-links/.lock").toFile().exists()).isEqualTo(!links);
  }

  /** Once the lock file is there, writers on any kind of file system take it. */
  @Test
  void storeThatWasWrittenWithoutHardLinks_goesOnWithTheLock() throws Exception {
    DirectoryStores.withoutHardLinks(root).putIfAbsent("a", text("x"));
    ObjectStore later = ObjectStore.directory(root);

    assertThat(later.putIfAbsent("b", text("y"))).isTrue();
    assertThat(later.putIfAbsent("a", text("y"))).isFalse();
    assertThat(DirectoryStores.withoutHardLinks(root).putIfAbsent("b", text("z")))
        .isFalse();
    assertThat(later.get("b")).hasValue(text("y"));
  }

  @Test
  void publisherWithTheLock_seesWhatAnotherPublishedMeanwhile() throws Exception {
    Files.createDirectories(root);
    Publisher publisher = Publisher.byLockAndRename(root.resolve(".lock"));
    Path first = Files.writeString(root.resolve("first"), "1");
    Path second = Files.writeString(root.resolve("second"), "2");

    assertThat(publisher.publish(first, root.resolve("target"))).isTrue();
    assertThat(publisher.publish(second, root.resolve("target"))).isFalse();
    assertThat(root.resolve("target")).hasContent("1");
    assertThat(second).exists();
  }

  @Test
  void objectLongerThanAsked_isRefused_whereverItLies() {
    store.putIfAbsent("a", text("12345"));
    store.putIfAbsent(numbered("log", 0), text("12345"));
    for (String key : List.of("a", numbered("log", 0))) {
      assertThat(store.get(key, 5)).hasValue(text("12345"));
      assertThatThrownBy(() -> store.get(key, 4))
          .isInstanceOf(CorruptException.class)
          .hasMessageContaining("5 bytes, at most 4 are accepted");
    }
  }

  @Test
  void numberZero_isANumberedObject() {
    assertThat(store.putIfAbsent(numbered("log", 0), text("x"))).isTrue();
    assertThat(root.resolve("log").resolve(Journal.NAME)).exists();
    assertThat(store.get(numbered("log", 0))).hasValue(text("x"));
    store.delete(numbered("log", 0));
    assertThat(store.get(numbered("log", 0))).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void directoryWithOtherFilesOnly_getsAJournal() {
    store.putIfAbsent("log/note", text("x"));

    assertThat(store.putIfAbsent(numbered("log", 1), text("x"))).isTrue();
    assertThat(root.resolve("log").resolve(Journal.NAME)).exists();
    assertThat(root.resolve(numbered("log", 1))).doesNotExist();
  }

  @Test
  void directoryWithTheFileOfNumberZero_keepsFiles() throws Exception {
    Files.createDirectories(root.resolve("log"));
    Files.writeString(root.resolve(numbered("log", 0)), "x");

    assertThat(store.putIfAbsent(numbered("log", 1), text("y"))).isTrue();
    assertThat(root.resolve(numbered("log", 1))).hasContent("y");
    assertThat(store.get(numbered("log", 0))).hasValue(text("x"));
  }

  /** A directory put back from a backup while the store is open. */
  @Test
  void journalReplacedByABackup_isWrittenOnFromWhatItHas() throws Exception {
    Path journal = root.resolve("log").resolve(Journal.NAME);
    store.putIfAbsent(numbered("log", 1), text("kept"));
    Path backup = Files.copy(journal, temporary.resolve("backup"));
    for (int i = 2; i <= 5; i++) {
      store.putIfAbsent(numbered("log", i), text("lost"));
    }
    Files.move(backup, journal, StandardCopyOption.ATOMIC_MOVE);

    assertThat(store.putIfAbsent(numbered("log", 2), text("new"))).isTrue();
    assertThat(store.get(numbered("log", 2))).hasValue(text("new"));
    assertThat(store.get(numbered("log", 3))).isEmpty();
    assertThat(ObjectStore.directory(root).list("log/"))
        .containsExactly(numbered("log", 1), numbered("log", 2));
  }

  /** Sizes of files need not be multiples of a word: a backup may have cut the zeros off. */
  @Test
  void journalWithoutItsLastZeros_isReadAndWrittenOn() throws Exception {
    Path journal = root.resolve("log").resolve(Journal.NAME);
    store.putIfAbsent(numbered("log", 1), text("kept"));
    byte[] whole = Files.readAllBytes(journal);
    int end = whole.length;
    while (whole[end - 1] == 0) {
      end--;
    }
    for (int more = 0; more < 12; more++) {
      Files.write(journal, Arrays.copyOf(whole, end + more));
      ObjectStore later = ObjectStore.directory(root);
      assertThat(later.list("")).hasSize(1);
      assertThat(later.get(numbered("log", 2))).isEmpty();
      assertThat(later.putIfAbsent(numbered("log", 2), text("new"))).isTrue();
      assertThat(ObjectStore.directory(root).list("")).hasSize(2);
    }
  }

  @Test
  void closedStore_opensItsFilesAgain() {
    store.putIfAbsent(numbered("log", 1), text("x"));
    store.close();

    assertThat(store.get(numbered("log", 1))).hasValue(text("x"));
    assertThat(store.putIfAbsent(numbered("log", 2), text("y"))).isTrue();
    store.close();
  }

  @Test
  void directoryInPlaceOfAnObject_isNoObject() {
    store.putIfAbsent("a/b", text("x"));

    assertThat(store.get("a")).isEmpty();
    store.delete("a");
    assertThat(store.get("a/b")).isPresent();
    assertThatThrownBy(() -> store.putIfAbsent("a", text("y")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("'a' is the directory of other keys");
    assertThatThrownBy(() -> store.putIfAbsent("a/b/c", text("y")))
        .isInstanceOfAny(CorruptException.class, UnavailableException.class);
    assertThat(store.toString()).contains(root.getFileName().toString());
    assertThat(ObjectStore.inMemory().toString()).isNotBlank();
  }

  /** Another thread gets the lock after its holder was done, and after it could not be opened. */
  @Test
  void lock_isFreedAfterUseAndAfterFailing() throws Exception {
    Path directory = Files.createDirectories(root.resolve("taken"));
    Path lock = root.resolve("lock");
    FileAttribute<?>[] none = {};
    assertThatThrownBy(() -> FileMutex.holding(directory, none, mutex -> "opened a directory"))
        .isInstanceOf(IOException.class);
    String first = FileMutex.holding(lock, none, mutex -> "first");
    assertThat(first).isEqualTo("first");
    Future<String> other = CompletableFuture.supplyAsync(() -> {
      try {
        FileMutex.holding(lock, none, mutex -> {
          mutex.requireHeld();
          return mutex;
        });
        return FileMutex.holding(directory, none, mutex -> "opened a directory");
      } catch (IOException e) {
        return "refused";
      }
    });

    assertThat(other).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("refused");
  }
}
