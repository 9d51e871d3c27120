package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir
  Path root;

  private ObjectStore store;
  private Path file;

  @BeforeEach
  void open() {
    store = ObjectStore.directory(root);
    file = root.resolve("log").resolve(Journal.NAME);
  }

  private static String key(long number) {
    return "log/" + Numbered.name(number);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void fill(int objects) {
    for (int i = 1; i <= objects; i++) {
      assertThat(store.putIfAbsent(key(i), text("object " + i + " ".repeat(i)))).isTrue();
    }
  }

  private int endOf(byte[] content) {
    int end = content.length;
    while (content[end - 1] == 0) {
      end--;
    }
    return end;
  }

  @Test
  void numberedObjects_areInOneFile_othersInTheirOwn() throws Exception {
    fill(300);
    store.putIfAbsent("log/note", text("x"));

    assertThat(root.resolve("log").toFile().list())
        .containsExactlyInAnyOrder(Journal.NAME, ".journal.lock", "note");
    assertThat(store.list("log/")).hasSize(301).startsWith(key(1)).endsWith("log/note");
    for (int i = 1; i <= 300; i++) {
      assertThat(ObjectStore.directory(root).get(key(i)))
          .hasValue(text("object " + i + " ".repeat(i)));
    }
  }

  @Test
  void format_isWhatThePageSays() throws Exception {
    store.putIfAbsent(key(42), text("hello"));

    String start = Files.readString(file, StandardCharsets.US_ASCII).substring(0, 80);
    assertThat(start)
        .isEqualTo("mlops-journal-1\n#00000000000000000042 T 00000005 368e5a15 58701c78     \n"
            + "hello\n\n\n");
    assertThat(file).hasSize(64 << 10);
  }

  @Test
  void isSequential_onceTheFirstObjectMadeAJournal() {
    assertThat(store.isSequential("log/")).isFalse();
    fill(1);

    assertThat(store.isSequential("log/")).isTrue();
    assertThat(store.isSequential("other/")).isFalse();
    assertThat(store.isSequential("")).isFalse();
    assertThat(ObjectStore.directory(root).isSequential("log/")).isTrue();
    assertThat(ObjectStore.inMemory().isSequential("log/")).isFalse();
    assertThatThrownBy(() -> store.isSequential("log")).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void isSequential_ofADamagedJournal_isNotKnown_andReadingSaysWhy() throws Exception {
    fill(1);
    Files.write(file, text("no journal at all"));
    ObjectStore later = ObjectStore.directory(root);

    assertThat(later.isSequential("log/")).isFalse();
    assertThatThrownBy(() -> later.get(key(1))).isInstanceOf(CorruptException.class);
  }

  /** The file stays open: what this store wrote, it must not read from memory. */
  @Test
  void objectDamagedAfterItWasWritten_isNotReturnedByItsWriter() throws Exception {
    fill(2);
    byte[] content = Files.readAllBytes(file);
    content[16 + JournalFrame.HEADER] ^= 1;
    Files.write(file, content);

    assertThatThrownBy(() -> store.get(key(1))).isInstanceOf(CorruptException.class);
    assertThat(store.get(key(2))).isPresent();
  }

  @Test
  void headerThatDiffersInAnyByte_isNoFrame() {
    byte[] frame = JournalFrame.encode(42, text("hello"));
    JournalFrame honest = JournalFrame.parse(frame, 0);
    assertThat(honest).isNotNull();
    for (int at = 0; at < JournalFrame.HEADER; at++) {
      for (int value = 0; value < 256; value++) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        boolean same = changed[at] == frame[at];

        assertThat(JournalFrame.parse(changed, 0))
            .as("byte %s is %s", at, value)
            .isEqualTo(same ? honest : null);
      }
    }
  }

  @Test
  void leftovers_areRemovedWhenTheyAreOld() throws Exception {
    store.putIfAbsent("k", text("x"));
    Path old = Files.write(root.resolve(".tmp").resolve("dead"), text("x"));
    Path young = Files.write(root.resolve(".tmp").resolve("alive"), text("x"));
    Instant now = Instant.parse("2026-05-01T10:00:00Z");
    Files.setLastModifiedTime(old, FileTime.from(now.minusSeconds(1)));
    Files.setLastModifiedTime(young, FileTime.from(now));

    assertThat(store.removeLeftovers(now)).isEqualTo(1);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(store.list("")).containsExactly("k");
    assertThat(ObjectStore.inMemory().removeLeftovers(now)).isZero();
  }

  @Test
  void zeroBytes_areKeptInBase64() throws Exception {
    byte[] content = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};
    store.putIfAbsent(key(1), content);

    assertThat(store.get(key(1))).hasValue(content);
    assertThat(Files.readString(file, StandardCharsets.US_ASCII)).contains("AQAAAAAAAAAAAAI=");
  }

  @Test
  void everyFlippedBit_isFound() throws Exception {
    fill(2);
    byte[] good = Files.readAllBytes(file);
    int end = endOf(good);
    for (int bit = 0; bit < (end + 40) * 8; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, flipped);

      assertThatThrownBy(() -> store.list(""))
          .as("bit %s", bit)
          .isInstanceOf(CorruptException.class);
      int number = bit % 2 + 1;
      try {
        assertThat(ObjectStore.directory(root).get(key(number)))
            .as("bit %s", bit)
            .hasValue(text("object " + number + " ".repeat(number)));
      } catch (CorruptException e) {
        assertThat(e).hasMessageContaining(Journal.NAME);
      }
    }
  }

  @Test
  void writeCutOffAnywhere_leavesNothing_andTheNextWriterGoesOn() throws Exception {
    fill(3);
    byte[] before = Files.readAllBytes(file);
    store.putIfAbsent(key(4), text("x".repeat(1000)));
    byte[] after = Files.readAllBytes(file);
    int start = endOf(before);
    for (int cut = start; cut < endOf(after); cut += 8) {
      byte[] torn = after.clone();
      Arrays.fill(torn, cut, torn.length, (byte) 0);
      Files.write(file, torn);
      ObjectStore later = ObjectStore.directory(root);

      assertThat(later.get(key(4))).as("cut at %s", cut).isEmpty();
      assertThat(later.list("")).hasSize(3);
      assertThat(later.putIfAbsent(key(4), text("y"))).isTrue();
      assertThat(later.list("")).hasSize(4);
      assertThat(later.get(key(4))).hasValue(text("y"));
    }
  }

  @Test
  void sectorsLostByAPowerCut_leaveNothing() throws Exception {
    fill(3);
    int start = endOf(Files.readAllBytes(file));
    store.putIfAbsent(key(4), text("x".repeat(3000)));
    byte[] after = Files.readAllBytes(file);
    var random = new SplittableRandom(7);
    for (int round = 0; round < 100; round++) {
      byte[] torn = after.clone();
      boolean lost = false;
      for (int sector = start / 512; sector <= endOf(after) / 512; sector++) {
        if (random.nextBoolean()) {
          int from = Math.max(start, sector * 512);
          Arrays.fill(torn, from, Math.min(torn.length, sector * 512 + 512), (byte) 0);
          lost |= from < endOf(after);
        }
      }
      Files.write(file, torn);

      ObjectStore later = ObjectStore.directory(root);
      assertThat(later.get(key(4)).isPresent()).isEqualTo(!lost);
      later.putIfAbsent(key(4), text("z"));
      assertThat(ObjectStore.directory(root).list("")).hasSize(4);
    }
  }

  @Test
  void lostSectorBeforeWholeFrames_isDamage_andNothingIsWritten() throws Exception {
    fill(40);
    byte[] damaged = Files.readAllBytes(file);
    Arrays.fill(damaged, 512, 1024, (byte) 0);
    Files.write(file, damaged);
    ObjectStore later = ObjectStore.directory(root);

    assertThatThrownBy(() -> later.list("")).isInstanceOf(CorruptException.class);
    assertThatThrownBy(() -> later.putIfAbsent(key(41), text("x")))
        .isInstanceOf(CorruptException.class);
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
  }

  @Test
  void longObjectsAndManyObjects_makeTheFileGrow() throws Exception {
    byte[] content = new byte[300_000];
    new SplittableRandom(1).nextBytes(content);
    for (int i = 1; i <= 5; i++) {
      store.putIfAbsent(key(i), content);
    }

    for (int i = 1; i <= 5; i++) {
      assertThat(store.get(key(i))).hasValue(content);
    }
    assertThat(Files.size(file) % (64 << 10)).isZero();
  }

  @Test
  void twoStoresOfOneDirectory_seeEachOther() {
    ObjectStore other = ObjectStore.directory(root);
    for (int i = 1; i <= 50; i++) {
      ObjectStore writer = i % 2 == 0 ? store : other;
      ObjectStore reader = i % 2 == 0 ? other : store;
      assertThat(reader.get(key(i))).isEmpty();
      assertThat(writer.putIfAbsent(key(i), text("a" + i))).isTrue();
      assertThat(reader.putIfAbsent(key(i), text("b" + i))).isFalse();
      assertThat(reader.get(key(i))).hasValue(text("a" + i));
    }
  }

  @Test
  void directoryThatHasFiles_keepsFiles_alsoWhenTheyAreGone() throws Exception {
    ObjectStore files = DirectoryStores.withoutDependableLocks(root);
    files.putIfAbsent(key(1), text("a"));

    assertThat(store.putIfAbsent(key(1), text("b"))).isFalse();
    assertThat(store.putIfAbsent(key(2), text("b"))).isTrue();
    assertThat(root.resolve(key(2))).hasContent("b");
    store.delete(key(1));
    store.delete(key(2));
    store.putIfAbsent(key(1), text("c"));
    assertThat(root.resolve(key(1))).hasContent("c");
    assertThat(store.list("")).containsExactly(key(1));
  }

  @Test
  void fileBesideAJournal_isRefused() throws Exception {
    fill(2);
    Files.write(root.resolve(key(3)), text("planted"));

    assertThat(store.get(key(3))).isEmpty();
    assertThatThrownBy(() -> store.putIfAbsent(key(3), text("x")))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("lies beside a journal");
    assertThatThrownBy(() -> store.list("")).isInstanceOf(CorruptException.class);
  }

  @Test
  void journalThatIsALinkOrOfAnotherFormat_isRefused() throws Exception {
    fill(1);
    Path moved = Files.move(file, root.resolveSibling(root.getFileName() + ".moved"));
    Files.createSymbolicLink(file, moved);
    assertThatThrownBy(() -> ObjectStore.directory(root).get(key(1)))
        .isInstanceOfAny(CorruptException.class, UnavailableException.class);
    Files.delete(file);
    Files.write(file, text("mlops-journal-2\n"));
    assertThatThrownBy(() -> ObjectStore.directory(root).get(key(1)))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("format version 1");
    Files.delete(moved);
  }

  @Test
  void journalReplacedByABackup_isReadAnew() throws Exception {
    fill(1);
    byte[] backup = Files.readAllBytes(file);
    fill(1, 5);
    Path copy = Files.write(root.resolve("log").resolve(".copy"), backup);
    Files.move(copy, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);

    assertThat(store.list("")).hasSize(1);
    assertThat(store.putIfAbsent(key(2), text("new"))).isTrue();
    assertThat(ObjectStore.directory(root).get(key(2))).hasValue(text("new"));
  }

  private void fill(int after, int last) {
    for (int i = after + 1; i <= last; i++) {
      store.putIfAbsent(key(i), text("old"));
    }
  }

  @Test
  void interruptedThread_isTold_andTheNextCallReads() {
    fill(2);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.get(key(2))).isInstanceOf(UnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();

    assertThat(store.get(key(2))).isPresent();
    assertThat(store.putIfAbsent(key(3), text("x"))).isTrue();
  }

  @Test
  void numberedObject_isNoDirectory() {
    fill(1);

    assertThatThrownBy(() -> store.putIfAbsent(key(1) + "/x", text("x")))
        .isInstanceOf(CorruptException.class);
    store.putIfAbsent(key(2) + "/x", text("x"));
    assertThatThrownBy(() -> store.putIfAbsent(key(2), text("x")))
        .hasMessageContaining("directory of other keys");
    assertThat(store.list("")).containsExactlyElementsOf(List.of(key(1), key(2) + "/x"));
  }

  /** Checksums say that nothing broke, not who wrote: what they cover may still be wrong. */
  @Test
  void forgedFrames_withRightChecksums_areDamageAndTakeNoMemory() throws Exception {
    Files.createDirectories(root.resolve("log"));
    byte[] start = Arrays.copyOf(Journal.initial(true), 16);
    byte[] noBase64 = JournalFrame.encode(1, JournalFrame.BASE64, text("*no base 64*"));
    byte[] deleted = JournalFrame.encode(1, JournalFrame.DELETED, new byte[0]);
    byte[] once = JournalFrame.encode(1, JournalFrame.TEXT, text("once"));

    for (byte[][] frames : new byte[][][] {{noBase64}, {deleted}, {once, once}}) {
      var forged = new java.io.ByteArrayOutputStream();
      forged.writeBytes(start);
      Arrays.asList(frames).forEach(forged::writeBytes);
      Files.write(file, forged.toByteArray());
      assertThatThrownBy(() -> ObjectStore.directory(root).get(key(1)))
          .isInstanceOf(CorruptException.class);
    }
    Files.write(file, start);
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(2_000_000_000);
    }
    ObjectStore forged = ObjectStore.directory(root);
    assertThatThrownBy(() -> forged.list("log/"))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("is damaged at byte 16");
  }

  @Test
  void markerDamagedAfterItWasRead_isFoundByTheSameStore() throws Exception {
    DirectoryStores.withoutDependableLocks(root).putIfAbsent(key(1), text("a"));
    assertThat(store.get(key(1))).isPresent();
    assertThat(store.list("")).containsExactly(key(1));
    byte[] marker = Files.readAllBytes(file);
    marker[3] ^= 1;
    Files.write(file, marker);

    assertThatThrownBy(() -> store.list("")).isInstanceOf(CorruptException.class);
  }

  @Test
  void journalInTheRoot_isNoFileOfAStore() throws Exception {
    fill(1);
    Files.write(root.resolve(Journal.NAME), Journal.initial(true));

    assertThatThrownBy(() -> store.list(""))
        .isInstanceOf(CorruptException.class)
        .hasMessageEndingWith(".journal is no file of a store");
    assertThat(store.get(key(1))).isPresent();
  }

  @Test
  void directoryReplacedByALinkAfterItWasRead_isNotFollowed() throws Exception {
    fill(2);
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Path log = root.resolve("log");
    Files.move(file, elsewhere.resolve(Journal.NAME));
    Files.delete(log.resolve(".journal.lock"));
    Files.delete(log);
    Files.createSymbolicLink(log, elsewhere);
    long size = Files.size(elsewhere.resolve(Journal.NAME));

    assertThatThrownBy(() -> store.putIfAbsent(key(3), text("x")))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("symbolic link");
    store.close();
    assertThatThrownBy(() -> store.get(key(1))).isInstanceOf(CorruptException.class);
    assertThat(elsewhere.toFile().list()).containsExactly(Journal.NAME);
    assertThat(elsewhere.resolve(Journal.NAME)).hasSize(size);
  }

  /** The writer may have been killed, or told of an error, before its frame was on the disk. */
  @Test
  void lastFrameOfAnotherWriter_isWrittenAgainBeforeItIsReliedOn() throws Exception {
    fill(2);
    byte[] before = Files.readAllBytes(file);
    ObjectStore other = ObjectStore.directory(root);
    assertThat(wasWrittenBy(() -> store.putIfAbsent(key(2), text("mine")))).isFalse();

    assertThat(wasWrittenBy(() -> other.putIfAbsent(key(2), text("theirs")))).isTrue();
    assertThat(wasWrittenBy(() -> other.putIfAbsent(key(1), text("theirs")))).isFalse();
    assertThat(Files.readAllBytes(file)).isEqualTo(before);

    other.putIfAbsent(key(3), text("theirs"));
    assertThat(wasWrittenBy(() -> store.putIfAbsent(key(1), text("mine")))).isTrue();
    assertThat(store.list("")).hasSize(3);
  }

  private boolean wasWrittenBy(Runnable call) throws Exception {
    var longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(file, longAgo);
    call.run();
    return !Files.getLastModifiedTime(file).equals(longAgo);
  }
}
