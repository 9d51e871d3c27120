package dev.mlops.benchmarks.abtest;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/**
 * {@code ./benchmarks/run assign}: one 50/50 experiment, 8,192 UUID units in turn, ours with the
 * exposure counted, the SDKs offline with events off. Every contender checks its split first.
 */
public final class AssignSuite implements Suite {
  /** Creates the suite; found by service loading. */
  public AssignSuite() {}

  @Override
  public String name() {
    return "assign";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(Comparison.of(
        "assign",
        Contender.jmh("mlops", MlopsAssign.class, "assign"),
        Contender.jmh("launchdarkly", LaunchDarklyAssign.class, "assign"),
        Contender.jmh("split", SplitAssign.class, "assign"),
        Contender.jmh("statsig", StatsigAssign.class, "assign"),
        Contender.jmh("optimizely", OptimizelyAssign.class, "assign"),
        Contender.jmh("unleash", UnleashAssign.class, "assign")));
  }

  @Override
  public List<String> jvmArgs() {
    return List.of("-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
  }
}
