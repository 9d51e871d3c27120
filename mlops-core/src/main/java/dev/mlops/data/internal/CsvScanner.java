package dev.mlops.data.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Splits a file into records (RFC 4180), byte by byte: quotes, line ends and an ASCII delimiter are
 * the same bytes in UTF-8 wherever they stand. The library that reads tables gives up at the first
 * broken record; here a broken one is told apart and the scan goes on.
 *
 * Where quoting is broken nobody can say where the record ends. The first line of it is given up,
 * and the scan starts anew on the line after it: a quote that is never closed costs its own line and
 * not the rest of the file. What is looked at before giving up is bounded, so is the memory.
 */
/** The records of one file with their place in it, sound and broken ones. */
public final class CsvScanner implements AutoCloseable {
  /** A quoted value or a line longer than this is taken as broken. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int BLOCK = 1 << 16;

  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  /**
   * A record as it stands in the file.
   *
   * @param line the line on which it starts, from 1
   * @param bytes the record without its line end; empty for a broken one
   * @param problem what is wrong with it, empty if nothing is
   * @param column the position of the value that is wrong
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  public record Raw(long line, byte[] bytes, String problem, int column) {}

  private final Path file;
  private final FileChannel channel;
  private final byte delimiter;
  private final CsvHeader header;
  private byte[] window = new byte[4 * BLOCK];
  private long windowOffset;
  private int start;
  private int at;
  private int end;
  private long line = 1;

  private CsvScanner(Path file, FileChannel channel, char delimiter) throws IOException {
    this.file = file;
    this.channel = channel;
    this.delimiter = (byte) delimiter;
    skipByteOrderMark();
    this.header = readHeader();
  }

  /**
   * Opens a file and reads its header.
   *
   * @param delimiter an ASCII character
   */
  public static CsvScanner open(Path file, char delimiter) {
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file + ": expected a CSV file, got a directory");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      return new CsvScanner(file, channel, delimiter);
    } catch (IOException e) {
      close(channel);
      throw CsvSource.failure(file, 1, e);
    } catch (MlopsException e) {
      close(channel);
      throw e;
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException ignored) {
        // the first failure is the one to report
      }
    }
  }

  private void skipByteOrderMark() throws IOException {
    if (more(2)
        && window[0] == (byte) 0xEF
        && window[1] == (byte) 0xBB
        && window[2] == (byte) 0xBF) {
      at = 3;
    }
  }

  private CsvHeader readHeader() {
    Raw raw = next();
    if (raw == null) {
      throw new InvalidInputException(file + ": expected a header line, got an empty file");
    }
    if (!raw.problem().isEmpty()) {
      throw new InvalidInputException(file + ", line " + raw.line() + ": " + raw.problem());
    }
    try {
      return CsvHeader.of(file, raw.line(), CsvFields.of(raw.bytes(), (char) delimiter));
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          file + ", line " + raw.line() + ": " + CsvFields.NOT_UTF_8, e);
    }
  }

  /** Returns the column names. */
  public CsvHeader header() {
    return header;
  }

  /** Returns where the next record is looked for. */
  public long offset() {
    return windowOffset + at;
  }

  /** Returns the line of {@link #offset()}, from 1. */
  public long line() {
    return line;
  }

  /** Goes to where an earlier scan of the same file was. */
  public void seek(long offset, long atLine) {
    windowOffset = offset;
    start = 0;
    at = 0;
    end = 0;
    line = atLine;
  }

  /** Reads the next record, null at the end. Empty lines are none. */
  public @Nullable Raw next() {
    try {
      while (more(0)) {
        start = at;
        if (!isLineEnd(window[at])) {
          return scan();
        }
        passLineEnd();
        line++;
      }
      return null;
    } catch (IOException e) {
      throw CsvSource.failure(file, line, e);
    }
  }

  private Raw scan() throws IOException {
    State state = State.FIELD_START;
    int column = 0;
    int fieldLength = 0;
    int lines = 0;
    while (more(0)) {
      byte b = window[at];
      if (state == State.QUOTED) {
        if (b == '"') {
          state = State.QUOTE_IN_QUOTED;
        } else if (b == '\n' || (b == '\r' && !(more(1) && window[at + 1] == '\n'))) {
          lines++;
        }
        if (fieldLength++ > MAX_BYTES) {
          return broken("expected the quote to be closed within 1 MiB", column);
        }
      } else if (isLineEnd(b)) {
        break;
      } else if (b == delimiter) {
        column++;
        state = State.FIELD_START;
      } else if (state == State.QUOTE_IN_QUOTED) {
        if (b != '"') {
          return broken("expected a delimiter after the closing quote, got more text", column);
        }
        state = State.QUOTED;
      } else if (b == '"' && state == State.FIELD_START) {
        state = State.QUOTED;
        fieldLength = 0;
      } else {
        state = State.PLAIN;
      }
      at++;
      if (state != State.QUOTED && at - start > 2 * MAX_BYTES) {
        return broken("expected a record of at most 2 MiB", column);
      }
    }
    if (state == State.QUOTED) {
      return broken("expected the quote to be closed, the file ends", column);
    }
    Raw raw = new Raw(line, Arrays.copyOfRange(window, start, at), "", 0);
    passLineEnd();
    line += lines + 1;
    return raw;
  }

  /** Gives up the first line of the record. */
  private Raw broken(String problem, int column) throws IOException {
    at = start;
    while (more(0) && !isLineEnd(window[at])) {
      at++;
      start = at; // nothing of it is kept
    }
    Raw raw = new Raw(line, new byte[0], problem, column);
    passLineEnd();
    line++;
    return raw;
  }

  private static boolean isLineEnd(byte b) {
    return b == '\n' || b == '\r';
  }

  private void passLineEnd() throws IOException {
    if (more(0)) {
      boolean two = window[at] == '\r' && more(1) && window[at + 1] == '\n';
      at += two ? 2 : 1;
    }
  }

  /** Tells whether there is a byte {@code ahead} of the next one, reading on if need be. */
  private boolean more(int ahead) throws IOException {
    while (at + ahead >= end) {
      if (start > 0) {
        System.arraycopy(window, start, window, 0, end - start);
        windowOffset += start;
        at -= start;
        end -= start;
        start = 0;
      }
      if (window.length - end < BLOCK) {
        window = Arrays.copyOf(window, 2 * window.length);
      }
      int read = channel.read(ByteBuffer.wrap(window, end, BLOCK), windowOffset + end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw CsvSource.failure(file, line, e);
    }
  }
}
