package dev.mlops.benchmarks.serving;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Rows that no model has seen, handed out in turn so that branches cannot be learned. */
@State(Scope.Thread)
public class Rows {
  /** How many rows a batch has. */
  static final int BATCH = 1_000;

  private static final int COUNT = 4_096;

  final double[][] rows = FraudData.rows(COUNT, 99);
  final double[][] batch = FraudData.rows(BATCH, 100);
  private int next;

  double[] next() {
    next = (next + 1) & (COUNT - 1);
    return rows[next];
  }
}
