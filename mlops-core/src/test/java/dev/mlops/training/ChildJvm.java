package dev.mlops.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Runs a class of the tests in a JVM of its own. */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * Starts a program; what it prints to either stream comes as its input stream.
   *
   * @param heap such as {@code "-Xmx256m"}
   * @param without which entries of the class path it must do without
   */
  public static Process start(
      String heap, Predicate<String> without, Class<?> main, String... arguments)
      throws IOException {
    String classPath = Arrays.stream(
            System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(without.negate())
        .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>(List.of(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
        heap,
        "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 24) { // which warn of what protobuf and XGBoost do
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Runs a program to its end and returns what it printed. */
  public static String run(Predicate<String> without, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    Process process = start("-Xmx256m", without, main, arguments);
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return printed;
  }
}
