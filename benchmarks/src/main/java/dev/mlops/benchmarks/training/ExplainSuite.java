package dev.mlops.benchmarks.training;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/**
 * One row explained: a forest of 100 trees of depth 8, a logistic regression, and gradient-boosted
 * trees beside XGBoost's own TreeSHAP. An operation is a row.
 */
public final class ExplainSuite implements Suite {

  @Override
  public String name() {
    return "explain";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(
        Comparison.of("forest-100x8", ours("forest")),
        Comparison.of("logistic", ours("logistic")),
        Comparison.of(
            "boosted-100x6",
            ours("boosted"),
            Contender.jmh("xgboost", ExplainBenchmark.class, "xgboost", "model", "boosted")));
  }

  private static Contender ours(String model) {
    return Contender.jmh("mlops", ExplainBenchmark.class, "mlops", "model", model);
  }
}
