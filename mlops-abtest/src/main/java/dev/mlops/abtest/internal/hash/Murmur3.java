package dev.mlops.abtest.internal.hash;

/*
 * MurmurHash3_x86_32 (Austin Appleby, public domain) of the UTF-8 form of a string, read from its
 * chars. ASCII goes four chars at a time; the first other char switches to a byte-wise path. An
 * unpaired surrogate hashes as '?', which is what String.getBytes(UTF_8) writes.
 */
/** MurmurHash3 for 32 bits; nothing is allocated. */
public final class Murmur3 {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private Murmur3() {}

  public static int hash32(String text, int seed) {
    int length = text.length();
    int h = seed;
    int i = 0;
    for (; i + 4 <= length; i += 4) {
      int a = text.charAt(i);
      int b = text.charAt(i + 1);
      int c = text.charAt(i + 2);
      int d = text.charAt(i + 3);
      if ((a | b | c | d) >= 0x80) {
        return unicode(text, i, h);
      }
      h = mixBlock(h, a | b << 8 | c << 16 | d << 24);
    }
    int tail = 0;
    for (int j = i; j < length; j++) {
      int c = text.charAt(j);
      if (c >= 0x80) {
        return unicode(text, i, h);
      }
      tail |= c << (j - i) * 8;
    }
    if (length > i) {
      h ^= scramble(tail);
    }
    return finish(h, length);
  }

  public static int hash32(byte[] bytes, int seed) {
    int h = seed;
    int i = 0;
    for (; i + 4 <= bytes.length; i += 4) {
      h = mixBlock(
          h,
          (bytes[i] & 0xff)
              | (bytes[i + 1] & 0xff) << 8
              | (bytes[i + 2] & 0xff) << 16
              | (bytes[i + 3] & 0xff) << 24);
    }
    int tail = 0;
    for (int j = i; j < bytes.length; j++) {
      tail |= (bytes[j] & 0xff) << (j - i) * 8;
    }
    if (bytes.length > i) {
      h ^= scramble(tail);
    }
    return finish(h, bytes.length);
  }

  /**
   * Maps a hash, read as unsigned, to [0, total) by multiply and shift: exact integer arithmetic.
   */
  public static int bucket(int hash, int total) {
    return (int) (((hash & 0xffffffffL) * total) >>> 32);
  }

  private static int unicode(String text, int from, int hash) {
    int length = text.length();
    int h = hash;
    long pending = 0;
    int pendingBytes = 0;
    int total = from;
    for (int i = from; i < length; i++) {
      char c = text.charAt(i);
      int bytes;
      int count;
      if (c < 0x80) {
        bytes = c;
        count = 1;
      } else if (c < 0x800) {
        bytes = 0xc0 | c >> 6 | (0x80 | c & 0x3f) << 8;
        count = 2;
      } else if (!Character.isSurrogate(c)) {
        bytes = 0xe0 | c >> 12 | (0x80 | c >> 6 & 0x3f) << 8 | (0x80 | c & 0x3f) << 16;
        count = 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < length
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int p = Character.toCodePoint(c, text.charAt(++i));
        bytes = 0xf0
            | p >> 18
            | (0x80 | p >> 12 & 0x3f) << 8
            | (0x80 | p >> 6 & 0x3f) << 16
            | (0x80 | p & 0x3f) << 24;
        count = 4;
      } else {
        bytes = '?';
        count = 1;
      }
      pending |= (bytes & 0xffffffffL) << pendingBytes * 8;
      pendingBytes += count;
      total += count;
      if (pendingBytes >= 4) {
        h = mixBlock(h, (int) pending);
        pending >>>= 32;
        pendingBytes -= 4;
      }
    }
    if (pendingBytes > 0) {
      h ^= scramble((int) pending);
    }
    return finish(h, total);
  }

  private static int mixBlock(int h, int k) {
    return Integer.rotateLeft(h ^ scramble(k), 13) * 5 + 0xe6546b64;
  }

  private static int scramble(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }

  private static int finish(int hash, int length) {
    int h = hash ^ length;
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }
}
