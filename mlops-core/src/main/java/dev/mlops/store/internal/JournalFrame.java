package dev.mlops.store.internal;

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

  /** Reads a header; null if it is none. */
  static @Nullable JournalFrame parse(byte[] bytes, int start) {
    if (bytes[start] != '#') {
      return null;
    }
    String text = new String(bytes, start, HEADER, StandardCharsets.ISO_8859_1);
    try {
      var frame = new JournalFrame(
          Long.parseLong(text, 1, 21, 10),
          text.charAt(22),
          HexFormat.fromHexDigits(text, 24, 32),
          HexFormat.fromHexDigits(text, 33, 41));
      boolean known = frame.kind == TEXT || frame.kind == BASE64 || frame.kind == DELETED;
      return known
              && frame.length >= 0
              && frame.length <= MAX_BODY
              && Arrays.equals(frame.header(), 0, HEADER, bytes, start, start + HEADER)
          ? frame
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
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
      if (zeros(bytes, i, Math.min(end, i + WORD)) == Math.min(end, i + WORD) - i) {
        return true;
      }
    }
    return false;
  }

  /** Tells whether some aligned word has zeros and others: no interrupted write leaves that. */
  static boolean hasMixedWord(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i += WORD) {
      int zeros = zeros(bytes, i, Math.min(end, i + WORD));
      if (zeros != 0 && zeros != Math.min(end, i + WORD) - i) {
        return true;
      }
    }
    return false;
  }

  private static int zeros(byte[] bytes, int start, int end) {
    int zeros = 0;
    for (int i = start; i < end; i++) {
      zeros += bytes[i] == 0 ? 1 : 0;
    }
    return zeros;
  }
}
