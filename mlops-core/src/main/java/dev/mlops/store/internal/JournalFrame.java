package dev.mlops.store.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/*
 * One line of 56 bytes, the body, and 1 to 8 line ends up to a multiple of eight:
 *   #<number, 20 digits> <kind> <length of the body, 8 hex> <CRC of the rest, 8 hex> <CRC of the
 *   line so far, 8 hex>, five spaces, a line end
 * Kinds: T is the content as it is, B is the content in Base64, because it has a zero byte, D says
 * that the object was deleted. CRC is CRC-32C.
 *
 * A frame has no zero byte, lies at a multiple of eight, and is written over zeros. Disks write
 * whole sectors, and the system copies whole words, so an interrupted write leaves at least one
 * aligned word of eight zeros. That tells it from damage: a flipped bit makes one zero byte at most.
 */

/**
 * One object in a journal.
 *
 * @param number its number
 * @param kind T, B or D
 * @param length the length of the body
 * @param bodyCrc the checksum of body and line ends
 */
record JournalFrame(long number, char kind, int length, int bodyCrc) {
  static final int HEADER = 56;
  static final char TEXT = 'T';
  static final char BASE64 = 'B';
  static final char DELETED = 'D';

  /** Longer bodies are refused before room is made for them: Base64 of the largest object. */
  static final int MAX_BODY = 90 << 20;

  private static final int WORD = 8;
  private static final int CHECKED = 42;
  private static final int[] SPACES = {21, 23, 32, 41, 50, 51, 52, 53, 54};
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final HexFormat HEX = HexFormat.of();

  /** Returns the bytes of a new frame. */
  static byte[] encode(long number, byte[] content) {
    for (byte b : content) {
      if (b == 0) {
        return encode(number, BASE64, Base64.getEncoder().encode(content));
      }
    }
    return encode(number, TEXT, content);
  }

  /** Returns the bytes of a frame that says that an object was deleted. */
  static byte[] encodeDeletion(long number) {
    return encode(number, DELETED, new byte[0]);
  }

  static byte[] encode(long number, char kind, byte[] body) {
    byte[] frame = new byte[total(body.length)];
    System.arraycopy(body, 0, frame, HEADER, body.length);
    Arrays.fill(frame, HEADER + body.length, frame.length, (byte) '\n');
    int crc = crc(frame, HEADER, frame.length - HEADER);
    byte[] header = new JournalFrame(number, kind, body.length, crc).header();
    System.arraycopy(header, 0, frame, 0, HEADER);
    return frame;
  }

  private byte[] header() {
    String checked = "#" + Numbered.digits(number) + " " + kind + " " + HEX.toHexDigits(length)
        + " " + HEX.toHexDigits(bodyCrc) + " ";
    byte[] bytes = (checked + "00000000     \n").getBytes(StandardCharsets.US_ASCII);
    byte[] crc = HEX.toHexDigits(crc(bytes, 0, CHECKED)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(crc, 0, bytes, CHECKED, crc.length);
    return bytes;
  }

  /** Reads a header; null if it is none. Every reader parses each, so it makes no texts. */
  static @Nullable JournalFrame parse(byte[] bytes, int start) {
    if (bytes[start] != '#') {
      return null;
    }
    long number = Numbered.parse(bytes, start + 1);
    char kind = (char) bytes[start + 22];
    long length = hex(bytes, start + 24);
    long bodyCrc = hex(bytes, start + 33);
    long crc = hex(bytes, start + CHECKED);
    boolean holds = number >= 0
        && (kind == TEXT || kind == BASE64 || kind == DELETED)
        && length >= 0
        && length <= MAX_BODY
        && bodyCrc >= 0
        && crc == Integer.toUnsignedLong(crc(bytes, start, CHECKED))
        && hasSpaces(bytes, start);
    return holds ? new JournalFrame(number, kind, (int) length, (int) bodyCrc) : null;
  }

  /** Eight lower-case hexadecimal digits, or -1. */
  private static long hex(byte[] bytes, int start) {
    long value = 0;
    for (int i = start; i < start + 8; i++) {
      byte b = bytes[i];
      int digit = b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static boolean hasSpaces(byte[] bytes, int start) {
    for (int at : SPACES) {
      if (bytes[start + at] != ' ') {
        return false;
      }
    }
    return bytes[start + HEADER - 1] == '\n';
  }

  /** The bytes from the header to the last line end. */
  int total() {
    return total(length);
  }

  private static int total(int length) {
    return HEADER + length + WORD - length % WORD;
  }

  /** Tells whether body and line ends are those that were written. */
  boolean holds(byte[] bytes, int start) {
    return crc(bytes, start + HEADER, total() - HEADER) == bodyCrc;
  }

  /**
   * Returns the content of a frame that holds.
   *
   * @throws IllegalArgumentException if the body should be Base64 and is not
   */
  byte[] content(byte[] bytes, int start) {
    byte[] body = Arrays.copyOfRange(bytes, start + HEADER, start + HEADER + length);
    return kind == BASE64 ? Base64.getDecoder().decode(body) : body;
  }

  private static int crc(byte[] bytes, int start, int length) {
    var crc = new CRC32C();
    crc.update(bytes, start, length);
    return (int) crc.getValue();
  }

  /** Tells whether some aligned word has only zeros, as after an interrupted write. */
  static boolean hasZeroWord(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i += WORD) {
      if (word(bytes, i, end) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether some aligned word has zeros and others: no interrupted write leaves that. */
  static boolean hasMixedWord(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i += WORD) {
      long word = word(bytes, i, end);
      // The carry of the subtraction reaches a byte's sign bit only from a zero byte.
      if (word != 0 && (word - 0x0101010101010101L & ~word & 0x8080808080808080L) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Eight bytes, or those up to the end and a repetition of the last of them. */
  private static long word(byte[] bytes, int start, int end) {
    if (end - start >= WORD) {
      return (long) WORDS.get(bytes, start);
    }
    byte[] word = new byte[WORD];
    Arrays.fill(word, bytes[end - 1]);
    System.arraycopy(bytes, start, word, 0, end - start);
    return (long) WORDS.get(word, 0);
  }
}
