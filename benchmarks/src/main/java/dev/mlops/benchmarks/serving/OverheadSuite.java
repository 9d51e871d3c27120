package dev.mlops.benchmarks.serving;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/**
 * What a served prediction costs over the bare compiled call. The ratio of a peer is its time over
 * that of the full path, so the difference of the two rows of the table is the overhead. In
 * {@code two-threads} twice the ratio is how well two threads scale on free cores: what threads do
 * to each other shows as CPU time per call.
 */
public final class OverheadSuite implements Suite {
  /** Creates the suite; called by the service loader. */
  public OverheadSuite() {}

  @Override
  public String name() {
    return "overhead";
  }

  @Override
  public List<Comparison> comparisons() {
    ServingModels.prepare(List.of("logistic"));
    return List.of(
        Comparison.of(
            "full-path",
            path("mlops", "routed"),
            path("bare", "bare"),
            path("checked", "checked"),
            path("checked+measured", "measured")),
        Comparison.of("two-threads", path("mlops-2", "routedByTwo"), path("mlops-1", "routed")));
  }

  private static Contender path(String name, String method) {
    return Contender.jmh(name, LivePath.class, method);
  }
}
