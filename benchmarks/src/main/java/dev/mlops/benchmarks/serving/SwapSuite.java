package dev.mlops.benchmarks.serving;

import dev.mlops.benchmarks.Comparison;
import dev.mlops.benchmarks.Contender;
import dev.mlops.benchmarks.Suite;
import java.util.List;

/**
 * The 99.9th percentile of predicting while the model is swapped ten thousand times, against the
 * same in quiet; the column of bytes is what the heap has grown by.
 */
public final class SwapSuite implements Suite {
  /** Creates the suite; called by the service loader. */
  public SwapSuite() {}

  @Override
  public String name() {
    return "swaps";
  }

  @Override
  public List<Comparison> comparisons() {
    return List.of(new Comparison(
        "predict-p99.9", Comparison.Basis.WALL, phase("swaps"), List.of(phase("quiet"))));
  }

  private static Contender phase(String name) {
    return new Contender.Program(name, SwapStress.class, List.of(name));
  }
}
