package dev.mlops.abtest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the test class path in a JVM of its own. */
public final class ChildJvm {
  private ChildJvm() {}

  /** How the child ended. */
  public record Result(int exit, String output) {}

  public static Result run(Class<?> main, String... jvmArgsThenArgs)
      throws IOException, InterruptedException {
    Process child = start(main, jvmArgsThenArgs);
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!child.waitFor(10, TimeUnit.MINUTES)) {
      child.destroyForcibly();
    }
    return new Result(child.exitValue(), output);
  }

  public static Process start(Class<?> main, String... jvmArgsThenArgs) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    List<String> args = new ArrayList<>();
    for (String arg : jvmArgsThenArgs) {
      (arg.startsWith("-") ? command : args).add(arg);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(args);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .directory(new File(System.getProperty("user.dir")))
        .start();
  }
}
