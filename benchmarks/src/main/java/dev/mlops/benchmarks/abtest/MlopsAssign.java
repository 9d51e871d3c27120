package dev.mlops.benchmarks.abtest;

import dev.mlops.abtest.Assigner;
import dev.mlops.abtest.Experiment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Ours: assignment with the exposure counted. */
@State(Scope.Benchmark)
public class MlopsAssign {
  private final Units units = new Units();
  private final Assigner assigner =
      Assigner.of(Experiment.builder("exp").control("a", 50).variant("b", 50).build());

  /** Checks the split. */
  @Setup
  public void check() {
    units.check("a", "b", unit -> assigner.assign(unit).variantOr("none"));
  }

  /**
   * One assignment.
   *
   * @return the assignment
   */
  @Benchmark
  public Object assign() {
    return assigner.expose(units.next());
  }
}
