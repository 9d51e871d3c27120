package dev.mlops.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one contender once in a fresh JVM. */
final class Interleaved {
  private final Plan plan;
  private final List<String> jvmArgs;

  Interleaved(Plan plan, List<String> jvmArgs) {
    this.plan = plan;
    this.jvmArgs = jvmArgs;
  }

  Measurement measure(Contender contender) {
    return contender instanceof Contender.Jmh jmh
        ? jmh(jmh)
        : program((Contender.Program) contender);
  }

  private Measurement jmh(Contender.Jmh contender) {
    var options = new OptionsBuilder()
        .include("^"
            + Pattern.quote(contender.benchmark().getCanonicalName() + "." + contender.method())
            + "$")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(1)
        .warmupIterations(plan.warmups())
        .warmupTime(TimeValue.milliseconds(plan.iterationMillis()))
        .measurementIterations(plan.iterations())
        .measurementTime(TimeValue.milliseconds(plan.iterationMillis()))
        .addProfiler(GCProfiler.class)
        .addProfiler(CpuProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .jvmArgsAppend(jvmArgs.toArray(String[]::new));
    contender.params().forEach((name, value) -> options.param(name, value));
    try {
      RunResult result = new Runner(options.build()).runSingle();
      return new Measurement(
          result.getPrimaryResult().getScore(),
          secondary(result, CpuProfiler.RESULT),
          secondary(result, "gc.alloc.rate.norm"));
    } catch (RunnerException e) {
      throw new IllegalStateException(contender + " did not run", e);
    }
  }

  private static double secondary(RunResult result, String name) {
    // Older JMH puts a dot before the names of profiler results.
    for (String key : List.of(name, "·" + name)) {
      Result<?> found = result.getSecondaryResults().get(key);
      if (found != null) {
        return found.getScore();
      }
    }
    return Double.NaN;
  }

  private Measurement program(Contender.Program contender) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(jvmArgs);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), contender.main().getName()));
    command.addAll(contender.args());
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IllegalStateException(contender + " ended with " + exit + ":\n" + output);
      }
      return new Measurement(
          value(output, "ns", contender), optional(output, "cpu"), optional(output, "bytes"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + contender.name() + " ran", e);
    }
  }

  private static double value(String output, String key, Contender contender) {
    double value = optional(output, key);
    if (Double.isNaN(value)) {
      throw new IllegalStateException(
          contender + " printed no line '" + key + " VALUE':\n" + output);
    }
    return value;
  }

  private static double optional(String output, String key) {
    return output
        .lines()
        .filter(line -> line.startsWith(key + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(key.length() + 1).strip()))
        .findFirst()
        .orElse(Double.NaN);
  }
}
