package dev.mlops.benchmarks.drift;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/** The exact two-sample distance, the whole test, and a short window against a long reference. */
public final class KsSuite implements Suite {

  @Override
  public String name() {
    return "ks";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        distance("ks-1e3", "1000:1000"),
        distance("ks-1e4", "10000:10000"),
        distance("ks-1e5", "100000:100000"),
        distance("ks-1e6", "1000000:1000000"),
        compare("test-1e6", "1000000:1000000", "test", "mathTest", "statisticsTest"),
        compare(
            "window-1e3-of-1e6",
            "1000000:1000",
            "statistic",
            "mathPresorted",
            "statisticsPresorted"));
  }

  private static Comparison distance(String name, String sizes) {
    return compare(name, sizes, "statistic", "mathStatistic", "statisticsStatistic");
  }

  private static Comparison compare(
      String name, String sizes, String ours, String math, String statistics) {
    return Comparison.of(
        name,
        Contender.jmh("mlops", KsBenchmark.class, ours, "sizes", sizes),
        Contender.jmh("commons-math", KsBenchmark.class, math, "sizes", sizes),
        Contender.jmh("commons-statistics", KsBenchmark.class, statistics, "sizes", sizes));
  }
}
