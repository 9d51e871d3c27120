package dev.mlops.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * Runs a suite: every contender once per round, the order turned round from one round to the next,
 * so that a slow minute of the machine falls on all of them. Prints a table of medians and one line
 * {@code ratio CASE PEER VALUE} per comparison: how many times as much the peer needs. With
 * {@code --quick} it ends within two minutes of the command, with one round if there is no time for
 * a second.
 */
public final class Main {
  private static final Duration QUICK_LIMIT = Duration.ofSeconds(112);

  private Main() {}

  /**
   * Runs.
   *
   * @param args the suite's name and optionally {@code --quick} or {@code --rounds=N}
   * @throws IOException if the JSON result cannot be written
   */
  public static void main(String[] args) throws IOException {
    List<Suite> suites = ServiceLoader.load(Suite.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
    List<String> words = new ArrayList<>(List.of(args));
    boolean quick = words.remove("--quick");
    int rounds = rounds(words);
    Suite suite = suites.stream()
        .filter(s -> words.size() == 1 && s.name().equals(words.get(0)))
        .findFirst()
        .orElse(null);
    if (suite == null || rounds < 1) {
      System.err.println("usage: benchmarks/run NAME [--quick | --rounds=N], NAME one of "
          + suites.stream().map(Suite::name).sorted().collect(Collectors.joining(" ")));
      System.exit(2);
      return;
    }
    List<Result> results = run(suite, quick, rounds);
    print(results);
    write(suite, results);
  }

  /** Takes {@code --rounds=N} out of the words; 0 if it says no number. */
  private static int rounds(List<String> words) {
    String option = "--rounds=";
    int rounds = Plan.ROUNDS;
    for (String word : words) {
      if (word.startsWith(option)) {
        String number = word.substring(option.length());
        rounds = number.matches("[0-9]{1,3}") ? Integer.parseInt(number) : 0;
      }
    }
    words.removeIf(word -> word.startsWith(option));
    return rounds;
  }

  /** The rounds of one contender. */
  private record Series(Contender contender, List<Measurement> rounds) {
    Measurement median() {
      return Measurement.median(rounds);
    }
  }

  /** The series of one comparison, ours first. */
  private record Result(Comparison comparison, List<Series> series) {
    static Result empty(Comparison comparison) {
      List<Series> series = new ArrayList<>();
      series.add(new Series(comparison.ours(), new ArrayList<>()));
      comparison.peers().forEach(peer -> series.add(new Series(peer, new ArrayList<>())));
      return new Result(comparison, series);
    }
  }

  private static List<Result> run(Suite suite, boolean quick, int rounds) {
    Instant start = started();
    List<Result> results = (quick ? suite.quickComparisons() : suite.comparisons())
        .stream().map(Result::empty).toList();
    Duration left = QUICK_LIMIT.minus(Duration.between(start, Instant.now()));
    Plan plan = quick
        ? Plan.quick(results.stream().mapToInt(r -> r.series().size()).sum(), left)
        : Plan.full(rounds);
    var runner = new Interleaved(plan, suite.jvmArgs());
    for (int round = 0; round < plan.rounds(); round++) {
      System.err.printf(Locale.ROOT, "round %d of %d%n", round + 1, plan.rounds());
      Instant before = Instant.now();
      for (Result result : results) {
        List<Series> order = new ArrayList<>(result.series());
        if (round % 2 == 1) {
          Collections.reverse(order);
        }
        for (Series series : order) {
          series.rounds().add(runner.measure(series.contender()));
        }
      }
      Instant now = Instant.now();
      if (quick && now.plus(Duration.between(before, now)).isAfter(start.plus(QUICK_LIMIT))) {
        break; // another round like this one would take too long
      }
    }
    return results;
  }

  /** When the command was given; building and preparing count as part of it. */
  private static Instant started() {
    Long millis = Long.getLong("benchmarks.started");
    return millis == null ? Instant.now() : Instant.ofEpochMilli(millis);
  }

  private static void print(List<Result> results) {
    System.out.printf(
        Locale.ROOT,
        "%-20s %-20s %14s %14s %12s %8s%n",
        "case",
        "contender",
        "wall ns/op",
        "cpu ns/op",
        "B/op",
        "ratio");
    List<String> ratios = new ArrayList<>();
    for (Result result : results) {
      Comparison comparison = result.comparison();
      double ours = result.series().get(0).median().on(comparison.basis());
      for (Series series : result.series()) {
        Measurement m = series.median();
        double ratio = m.on(comparison.basis()) / ours;
        String name = series.contender().name();
        System.out.printf(
            Locale.ROOT,
            "%-20s %-20s %14.1f %14.1f %12.1f %8.2f%n",
            comparison.name(),
            name,
            m.wallNanos(),
            m.cpuNanos(),
            m.bytes(),
            ratio);
        if (series != result.series().get(0)) {
          ratios.add(
              String.format(Locale.ROOT, "ratio %s %s %.2f", comparison.name(), name, ratio));
        }
      }
    }
    ratios.forEach(System.out::println);
  }

  private static void write(Suite suite, List<Result> results) throws IOException {
    List<Map<String, Object>> cases = new ArrayList<>();
    for (Result result : results) {
      for (Series series : result.series()) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("case", result.comparison().name());
        entry.put("contender", series.contender().name());
        entry.put("basis", result.comparison().basis());
        entry.put("rounds", series.rounds());
        cases.add(entry);
      }
    }
    Path file = Path.of(System.getProperty("benchmarks.out", "target"), suite.name() + ".json");
    Files.createDirectories(file.toAbsolutePath().getParent());
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(
            file.toFile(),
            Map.of(
                "formatVersion", 1,
                "suite", suite.name(),
                "java", Runtime.version().toString(),
                "processors", Runtime.getRuntime().availableProcessors(),
                "results", cases));
    System.err.println("written: " + file);
  }
}
