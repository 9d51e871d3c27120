package dev.mlops.benchmarks.registry;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Comparison.Basis;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/** Commit, cold open, poll and metric logging in a directory, beside SQLite through JDBC. */
public final class RegistrySuite implements Suite {

  @Override
  public String name() {
    return "registry";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        comparison("commit", "commit"),
        comparison("open-1000", "open"),
        comparison("poll", "poll"),
        comparison("metric", "metric"));
  }

  private static Comparison comparison(String name, String method) {
    return new Comparison(
        name,
        Basis.WALL,
        Contender.jmh("mlops", OursBenchmark.class, method),
        List.of(Contender.jmh("sqlite", SqliteBenchmark.class, method)));
  }

  @Override
  public List<String> jvmArgs() {
    return List.of("-Xmx512m");
  }
}
