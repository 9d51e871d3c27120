package dev.mlops.drift.internal;

import dev.mlops.drift.ChangeDetector;
import dev.mlops.drift.DriftException;

/** A detector whose state is a few doubles. */
abstract class FlatStateDetector implements ChangeDetector {
  private final String kind;
  double[] state;

  FlatStateDetector(String kind, int size) {
    this.kind = kind;
    this.state = new double[size];
  }

  abstract void start();

  abstract Signal next(double value);

  @Override
  public final Signal update(double value) {
    check(value);
    return next(value);
  }

  void check(double value) {
    if (!Double.isFinite(value)) {
      throw DriftException.invalidInput("a value must be finite, got " + value);
    }
  }

  @Override
  public final void reset() {
    java.util.Arrays.fill(state, 0);
    start();
  }

  @Override
  public final byte[] snapshot() {
    return StateBytes.write(kind, state);
  }

  @Override
  public final void restore(byte[] snapshot) {
    double[] read = StateBytes.read(snapshot, kind);
    if (read.length != state.length) {
      throw DriftException.corrupt(
          "the state has " + read.length + " values, expected " + state.length, null);
    }
    state = read;
  }

  @Override
  public final String toString() {
    return kind;
  }
}
