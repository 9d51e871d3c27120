package dev.mlops.data.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvScannerTest {
  @TempDir
  Path directory;

  private List<CsvRow> scanned(Path file, char delimiter) throws CharacterCodingException {
    List<CsvRow> rows = new ArrayList<>();
    try (CsvScanner scanner = CsvScanner.open(file, delimiter)) {
      for (CsvScanner.Raw raw = scanner.next(); raw != null; raw = scanner.next()) {
        assertThat(raw.problem()).isEmpty();
        rows.add(new CsvRow(raw.line(), CsvFields.of(raw.bytes(), delimiter)));
      }
    }
    return rows;
  }

  private static List<CsvRow> readByTheLibrary(Path file, char delimiter) {
    List<CsvRow> rows = new ArrayList<>();
    try (CsvSource source = CsvSource.open(file, delimiter)) {
      while (source.hasNext()) {
        rows.add(source.next());
      }
    }
    return rows;
  }

  /** Sound files of all kinds of line ends and quotes: the scan and the library agree. */
  @Test
  void next_ofSoundRecords_agreesWithTheReaderOfTables() throws IOException {
    long seed = 5;
    var random = new Random(seed);
    String[] values = {
      "",
      "a",
      " b ",
      "7",
      "\"q\"",
      "\"\"",
      "\"x\"\"y\"",
      "\"m\nn\"",
      "\"r\r\ns\"",
      "ä€",
      "\"1;2,3\"",
      "i\"j"
    };
    String[] ends = {"\n", "\r\n", "\r"};
    for (int trial = 0; trial < 400; trial++) {
      char delimiter = random.nextBoolean() ? ',' : ';';
      var text = new StringBuilder(random.nextInt(3) == 0 ? "\uFEFFh1" : "h1").append("\n");
      int records = random.nextInt(8);
      for (int r = 0; r < records; r++) {
        int width = 1 + random.nextInt(4);
        for (int j = 0; j < width; j++) {
          text.append(j == 0 ? "" : delimiter).append(values[random.nextInt(values.length)]);
        }
        text.append(r == records - 1 && random.nextBoolean() ? "" : ends[random.nextInt(3)]);
      }
      Path file = Files.writeString(directory.resolve("sound.csv"), text);

      assertThat(scanned(file, delimiter))
          .as("seed %d, trial %d: %s", seed, trial, text)
          .isEqualTo(readByTheLibrary(file, delimiter));
    }
  }

  /** FastCSV 4.1.0 takes the line feed for half of the line end in the quotes and loses it. */
  @Test
  void next_ofACarriageReturnAtTheEndOfQuotes_endsTheRecord() throws IOException {
    Path file = Files.writeString(directory.resolve("cr.csv"), "h,i\n,\"\r\"\nb,a\n");

    assertThat(scanned(file, ','))
        .containsExactly(new CsvRow(2, List.of("", "\r")), new CsvRow(4, List.of("b", "a")));
  }

  /** Any bytes: the scan ends, each line is in one record at most, and lines rise. */
  @Test
  void next_ofAnyBytes_endsAndGoesOnlyForward() throws IOException {
    var random = new Random(9);
    byte[] alphabet = "ab,\"\n\r; \u00e4".getBytes(UTF_8);
    for (int trial = 0; trial < 2000; trial++) {
      byte[] content = new byte[6 + random.nextInt(60)];
      for (int i = 0; i < content.length; i++) {
        content[i] = alphabet[random.nextInt(alphabet.length)];
      }
      System.arraycopy("h1,h2\n".getBytes(UTF_8), 0, content, 0, 6);
      Path file = Files.write(directory.resolve("any.csv"), content);
      try (CsvScanner scanner = CsvScanner.open(file, ',')) {
        long line = 1;
        long offset = scanner.offset();
        for (CsvScanner.Raw raw = scanner.next(); raw != null; raw = scanner.next()) {
          assertThat(raw.line()).isGreaterThan(line);
          assertThat(scanner.offset()).isGreaterThan(offset).isLessThanOrEqualTo(content.length);
          assertThat(raw.bytes().length).isLessThanOrEqualTo((int) (scanner.offset() - offset));
          line = raw.line();
          offset = scanner.offset();
        }
        assertThat(offset).isLessThanOrEqualTo(content.length);
      }
    }
  }

  @Test
  void seek_toWhereAnEarlierScanWas_readsTheRest() throws IOException {
    Path file = Files.writeString(
        directory.resolve("in.csv"), "h\n" + "\"a\nb\"\nc\n".repeat(50_000) + "end");
    try (CsvScanner scanner = CsvScanner.open(file, ',');
        CsvScanner other = CsvScanner.open(file, ',')) {
      for (int i = 0; i < 70_001; i++) {
        scanner.next();
      }
      other.seek(scanner.offset(), scanner.line());

      for (CsvScanner.Raw raw = scanner.next(); raw != null; raw = scanner.next()) {
        CsvScanner.Raw same = other.next();
        assertThat(same).isNotNull();
        assertThat(same.line()).isEqualTo(raw.line());
        assertThat(same.bytes()).isEqualTo(raw.bytes());
      }
      assertThat(other.next()).isNull();
    }
  }

  @Test
  void open_ofBrokenHeader_isRefused() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty.csv"), "\n\n");
    Path quote = Files.writeString(directory.resolve("quote.csv"), "\n\"a,b\n1,2\n");
    Path bytes = Files.write(directory.resolve("bytes.csv"), new byte[] {'a', (byte) 0xff, '\n'});

    assertThatThrownBy(() -> CsvScanner.open(empty, ','))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("empty.csv: expected a header line, got an empty file");
    assertThatThrownBy(() -> CsvScanner.open(quote, ','))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("quote.csv, line 2: expected the quote to be closed, the file ends");
    assertThatThrownBy(() -> CsvScanner.open(bytes, ','))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("bytes.csv, line 1: expected UTF-8 text, got other bytes");
    assertThatThrownBy(() -> CsvScanner.open(directory, ','))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got a directory");
    assertThatThrownBy(() -> CsvScanner.open(directory.resolve("no.csv"), ','))
        .isInstanceOf(NotFoundException.class);
  }
}
