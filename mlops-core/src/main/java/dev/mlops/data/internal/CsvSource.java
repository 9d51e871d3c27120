package dev.mlops.data.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The records of one file, read once from front to back, with our errors for whatever is wrong. */
public final class CsvSource implements AutoCloseable {
  /** A quote that is never closed must not swallow a large file. */
  private static final int MAX_FIELD_CHARS = 1 << 20;

  private final Path file;
  private final CloseableIterator<CsvRecord> records;
  private final CsvHeader header;
  private long line = 1;

  private CsvSource(Path file, CloseableIterator<CsvRecord> records) {
    this.file = file;
    this.records = records;
    this.header = readHeader();
  }

  /** Opens a file and reads its header. */
  public static CsvSource open(Path file, char delimiter) {
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file + ": expected a CSV file, got a directory");
    }
    BufferedReader reader = null;
    try {
      reader = Files.newBufferedReader(file, UTF_8);
      skipByteOrderMark(reader);
      return new CsvSource(
          file,
          CsvReader.builder()
              .fieldSeparator(delimiter)
              .allowExtraFields(true)
              .allowMissingFields(true)
              .maxBufferSize(MAX_FIELD_CHARS)
              .build(CsvRecordHandler.builder().maxFieldSize(MAX_FIELD_CHARS).build(), reader)
              .iterator());
    } catch (IOException e) {
      closeQuietly(reader);
      throw failure(file, 1, e);
    } catch (MlopsException e) {
      closeQuietly(reader);
      throw e;
    }
  }

  private static void closeQuietly(@Nullable BufferedReader reader) {
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException ignored) {
        // the first failure is the one to report
      }
    }
  }

  private static void skipByteOrderMark(BufferedReader reader) throws IOException {
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
  }

  static MlopsException failure(Path file, long line, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new NotFoundException(file + ": there is no such file", e);
    }
    if (e instanceof CharacterCodingException) {
      return new InvalidInputException(
          file + ", after line " + line + ": expected UTF-8 text, got other bytes", e);
    }
    return new UnavailableException(file + ", after line " + line + ": could not be read", e);
  }

  private CsvHeader readHeader() {
    if (!hasNext()) {
      throw new InvalidInputException(file + ": expected a header line, got an empty file");
    }
    CsvRow row = next();
    return CsvHeader.of(file, row.line(), row.fields());
  }

  /** Returns the column names. */
  public CsvHeader header() {
    return header;
  }

  /** Tells whether there is another record. */
  public boolean hasNext() {
    try {
      return records.hasNext();
    } catch (CsvParseException | UncheckedIOException e) {
      throw parseFailure(e);
    }
  }

  /** Reads the next record; its width is not checked. */
  public CsvRow next() {
    try {
      CsvRecord fields = records.next();
      line = fields.getStartingLineNumber();
      return new CsvRow(line, fields.getFields());
    } catch (CsvParseException | UncheckedIOException e) {
      throw parseFailure(e);
    } catch (NoSuchElementException e) {
      throw new IllegalStateException("next() needs a hasNext() that is true", e);
    }
  }

  /** Reads the next record, which must be as wide as the header. */
  public CsvRow nextFull() {
    CsvRow row = next();
    if (row.width() != header.size()) {
      throw new InvalidInputException("%s, line %d: expected %d values as in the header, got %d"
          .formatted(file, row.line(), header.size(), row.width()));
    }
    return row;
  }

  private MlopsException parseFailure(RuntimeException e) {
    if (e.getCause() instanceof IOException io) {
      return failure(file, line, io);
    }
    return new InvalidInputException(
        "%s, after line %d: expected comma-separated values with closed quotes; %s"
            .formatted(file, line, e.getMessage()),
        e);
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    try {
      records.close();
    } catch (IOException e) {
      throw failure(file, line, e);
    }
  }
}
