package dev.mlops.benchmarks.drift;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/** Counting, merging, rows and whole tables. */
public final class ProfileSuite implements Suite {

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        compare("value", "value", "kllValue"),
        compare("merge-100", "merge", "kllMerge"),
        compare("row-100", "row", "kllRow"),
        Comparison.of(
            "table-100x1e6",
            Contender.jmh("mlops", TableBenchmark.class, "profile"),
            Contender.jmh("memory-pass", TableBenchmark.class, "pass")));
  }

  private static Comparison compare(String name, String ours, String kll) {
    return Comparison.of(
        name,
        Contender.jmh("mlops", ProfileBenchmark.class, ours),
        Contender.jmh("kll", ProfileBenchmark.class, kll));
  }
}
