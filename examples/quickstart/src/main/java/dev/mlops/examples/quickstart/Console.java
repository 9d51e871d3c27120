package dev.mlops.examples.quickstart;

import java.io.PrintStream;
import java.util.Locale;

/** Prints one line per stage of the lifecycle. Not safe for use by several threads. */
final class Console {
  private final PrintStream out;
  private final int stages;
  private int stage;

  Console(PrintStream out, int stages) {
    this.out = out;
    this.stages = stages;
  }

  /** Starts the next stage and says what it found. */
  void stage(String name, String format, Object... args) {
    stage++;
    out.printf(
        Locale.ROOT,
        "%2d/%d %-9s %s%n",
        stage,
        stages,
        name,
        String.format(Locale.ROOT, format, args));
  }

  /** Adds a line to the current stage. */
  void more(String format, Object... args) {
    out.printf(Locale.ROOT, "%15s%s%n", "", String.format(Locale.ROOT, format, args));
  }

  /** Prints a line of its own. */
  void line(String format, Object... args) {
    out.printf(Locale.ROOT, format + "%n", args);
  }
}
