package dev.mlops.benchmarks.abtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;

/** The units of all contenders, in turn. Not safe for use by several threads. */
final class Units {
  private static final int COUNT = 8192;

  private final String[] ids = new String[COUNT];
  private int next;

  Units() {
    Random random = new Random(1);
    for (int i = 0; i < COUNT; i++) {
      ids[i] = new UUID(random.nextLong(), random.nextLong()).toString();
    }
  }

  String next() {
    next = (next + 1) & (COUNT - 1);
    return ids[next];
  }

  /** Fails unless both variants, and only they, come about equally often. */
  void check(String first, String second, Function<String, String> assign) {
    int firsts = 0;
    int seconds = 0;
    for (String id : ids) {
      String variant = assign.apply(id);
      firsts += variant.equals(first) ? 1 : 0;
      seconds += variant.equals(second) ? 1 : 0;
    }
    if (firsts + seconds != COUNT || Math.abs(firsts - seconds) > COUNT / 16) {
      throw new IllegalStateException(
          "expected an even split, got " + firsts + " and " + seconds + " of " + COUNT);
    }
  }

  static Path file(String suffix, String content) throws IOException {
    Path file = Files.createTempFile("assign", suffix);
    file.toFile().deleteOnExit();
    return Files.writeString(file, content);
  }
}
