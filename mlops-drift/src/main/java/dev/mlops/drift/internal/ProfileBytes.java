package dev.mlops.drift.internal;

import dev.mlops.drift.DriftException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/*
 * Form 1 of a profile:
 *   "MLDP" | version 1 | fingerprint (length, ASCII) | counters | per feature: names | CRC-32 (4 bytes)
 * All numbers are LEB128 varints. Runs of empty counters are written as 0 and the length of the run.
 * Names are in the order of their hash, which makes equal profiles equal bytes.
 */
public final class ProfileBytes {
  private static final byte[] MAGIC = {'M', 'L', 'D', 'P', 1};
  private static final int MAX_NAME_BYTES = 1 << 20;

  private ProfileBytes() {}

  public static byte[] write(
      String fingerprint, long[] counts, @Nullable UnseenCategories[] unseen) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(counts.length + 128);
    out.writeBytes(MAGIC);
    text(out, fingerprint);
    varint(out, counts.length);
    for (int i = 0; i < counts.length; i++) {
      varint(out, counts[i]);
      if (counts[i] == 0) {
        int run = i;
        while (run < counts.length && counts[run] == 0) {
          run++;
        }
        varint(out, run - i);
        i = run - 1;
      }
    }
    varint(out, unseen.length);
    for (UnseenCategories names : unseen) {
      if (names == null) {
        varint(out, 0);
        continue;
      }
      varint(out, names.ordered().size());
      for (Map.Entry<String, Long> entry : names.ordered().entrySet()) {
        text(out, entry.getKey());
        varint(out, entry.getValue());
      }
    }
    CRC32 crc = new CRC32();
    crc.update(out.toByteArray());
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write((int) (crc.getValue() >>> shift));
    }
    return out.toByteArray();
  }

  /** Fills counts and names; throws before it returns if anything does not hold. */
  public static void read(
      byte[] bytes, String fingerprint, long[] counts, @Nullable UnseenCategories[] unseen) {
    Reader in = new Reader(bytes);
    if (bytes.length < MAGIC.length + 4
        || !Arrays.equals(bytes, 0, MAGIC.length - 1, MAGIC, 0, MAGIC.length - 1)) {
      throw DriftException.corrupt("these " + bytes.length + " bytes are not a profile", null);
    }
    if (bytes[MAGIC.length - 1] != MAGIC[MAGIC.length - 1]) {
      throw DriftException.corrupt(
          "profile version " + bytes[MAGIC.length - 1] + " is unknown, expected 1", null);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, bytes.length - 4);
    long stored = 0;
    for (int i = bytes.length - 4; i < bytes.length; i++) {
      stored = stored << 8 | (bytes[i] & 0xff);
    }
    if (stored != crc.getValue()) {
      throw DriftException.corrupt("the checksum of the profile does not hold", null);
    }
    in.position = MAGIC.length;
    String owner = in.text();
    if (!owner.equals(fingerprint)) {
      throw DriftException.notComparable(
          "the profile belongs to baseline " + owner + ", expected " + fingerprint);
    }
    in.expect(counts.length, "counters");
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.varint();
      if (counts[i] == 0) {
        long run = in.varint();
        if (run < 1 || run > counts.length - i) {
          throw DriftException.corrupt("a run of " + run + " empty counters does not fit", null);
        }
        i += (int) run - 1;
      }
    }
    in.expect(unseen.length, "features");
    for (int f = 0; f < unseen.length; f++) {
      long size = in.varint();
      if (size < 0 || size > UnseenCategories.LIMIT) {
        throw DriftException.corrupt("got " + size + " unseen categories, at most 1000", null);
      }
      if (size > 0) {
        UnseenCategories names = new UnseenCategories();
        for (long i = 0; i < size; i++) {
          names.add(in.text(), in.varint());
        }
        unseen[f] = names;
      }
    }
    if (in.position != bytes.length - 4) {
      throw DriftException.corrupt("the profile has bytes left over", null);
    }
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long v = value;
    while ((v & ~0x7fL) != 0) {
      out.write((int) (v & 0x7f | 0x80));
      v >>>= 7;
    }
    out.write((int) v);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    varint(out, utf8.length);
    out.writeBytes(utf8);
  }

  private static final class Reader {
    private final byte[] bytes;
    private int position;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (position >= bytes.length - 4) {
          throw DriftException.corrupt("the profile ends early", null);
        }
        byte b = bytes[position++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw DriftException.corrupt("a number in the profile has no end", null);
    }

    String text() {
      long length = varint();
      if (length < 0 || length > MAX_NAME_BYTES || length > bytes.length - 4 - position) {
        throw DriftException.corrupt("a text of " + length + " bytes does not fit", null);
      }
      String text = new String(bytes, position, (int) length, StandardCharsets.UTF_8);
      position += (int) length;
      return text;
    }

    void expect(int expected, String what) {
      long got = varint();
      if (got != expected) {
        throw DriftException.corrupt(
            "the profile has " + got + " " + what + ", the baseline " + expected, null);
      }
    }
  }
}
