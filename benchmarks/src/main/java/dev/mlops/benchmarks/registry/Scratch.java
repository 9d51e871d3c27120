package dev.mlops.benchmarks.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories on the disk that the project lies on: a temporary one may be in memory. */
final class Scratch {
  private Scratch() {}

  static Path create() {
    try {
      Path target = Files.createDirectories(Path.of("benchmarks", "target"));
      return Files.createTempDirectory(target, "registry");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
