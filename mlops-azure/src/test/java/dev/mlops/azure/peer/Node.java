package dev.mlops.azure.peer;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The emulators and parsers that run on Node.js, installed from {@code src/test/node} into
 * {@code target/node} when first needed. Without node and npm on the PATH a test that needs them is
 * skipped; with {@code -Dmlops.node=required} it fails instead.
 */
public final class Node {
  /** How the reason begins for which a test is skipped. */
  static final String SKIPPED = "needs Node.js packages: ";

  private static final String MISSING =
      "node and npm are not on the PATH; azurite, the Cosmos emulator, the published examples and the Kusto parser"
          + " need them";

  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path HOME = Path.of("target", "node").toAbsolutePath();
  private static Optional<String> problem;

  private Node() {}

  /** The directory with the installed packages; skips the test when there is no node. */
  public static synchronized Path home() {
    if (problem == null) {
      problem = install();
    }
    problem.ifPresent(reason -> {
      if ("required".equals(System.getProperty("mlops.node"))) {
        throw new AssertionError(reason);
      }
      abort(SKIPPED + reason);
    });
    return HOME;
  }

  /** Starts a script or a program of an installed package. */
  public static Process start(Path output, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .directory(home().toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script to its end and returns what it printed. */
  public static String run(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node"));
    command.addAll(List.of(arguments));
    try {
      Path errors = Files.createTempFile("node", ".err");
      Process process = new ProcessBuilder(command)
          .directory(home().toFile())
          .redirectError(errors.toFile())
          .start();
      try (var out = process.getOutputStream()) {
        out.write(input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      String output;
      try (InputStream in = process.getInputStream()) {
        output = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      }
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroy();
        throw new AssertionError(
            "node " + List.of(arguments) + " failed: " + Files.readString(errors));
      }
      Files.delete(errors);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Optional<String> install() {
    if (!onPath("node") || !onPath("npm")) {
      return Optional.of(MISSING);
    }
    try {
      Files.createDirectories(HOME);
      try (FileChannel channel = FileChannel.open(
              HOME.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        boolean same = lock.isValid()
            && Files.exists(HOME.resolve("installed"))
            && Files.readString(HOME.resolve("installed"))
                .equals(Files.readString(SOURCES.resolve("package-lock.json")));
        try (Stream<Path> files = Files.list(SOURCES)) {
          for (Path file : (Iterable<Path>) files::iterator) {
            Files.copy(file, HOME.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          }
        }
        if (same) {
          return Optional.empty();
        }
        Path log = HOME.resolve("npm.log");
        String npm = File.separatorChar == '\\' ? "npm.cmd" : "npm";
        Process process = new ProcessBuilder(
                npm, "ci", "--no-audit", "--no-fund", "--prefer-offline")
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
        if (!process.waitFor(9, TimeUnit.MINUTES) || process.exitValue() != 0) {
          process.destroy();
          return Optional.of("npm ci failed, see " + log);
        }
        Files.copy(
            SOURCES.resolve("package-lock.json"),
            HOME.resolve("installed"),
            StandardCopyOption.REPLACE_EXISTING);
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program))
            || Files.isExecutable(Path.of(directory, program + ".cmd"))
            || Files.isExecutable(Path.of(directory, program + ".exe")));
  }
}
