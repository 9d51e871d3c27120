package dev.mlops.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One round of one contender.
 *
 * @param wallNanos wall time per operation
 * @param cpuNanos process CPU time per operation, NaN if unknown
 * @param bytes allocated bytes per operation, NaN if unknown
 */
record Measurement(double wallNanos, double cpuNanos, double bytes) {

  double on(Comparison.Basis basis) {
    return switch (basis) {
      case CPU -> Double.isNaN(cpuNanos) ? wallNanos : cpuNanos;
      case WALL -> wallNanos;
      case BYTES -> bytes;
    };
  }

  static Measurement median(List<Measurement> rounds) {
    return new Measurement(
        median(rounds, Measurement::wallNanos),
        median(rounds, Measurement::cpuNanos),
        median(rounds, Measurement::bytes));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> field) {
    double[] sorted = rounds.stream().mapToDouble(field).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
