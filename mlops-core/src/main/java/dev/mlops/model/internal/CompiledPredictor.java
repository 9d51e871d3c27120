package dev.mlops.model.internal;

import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;

/**
 * A compiled model: a row program in front of a kernel. Immutable, safe for use by several threads,
 * and free of allocation once warm.
 */
public final class CompiledPredictor implements Predictor {
  private final Schema schema;
  private final boolean probabilities;
  private final RowProgram program;
  private final Kernel kernel;
  private final boolean direct;
  private final boolean directUnlessMissing;
  private final int width;
  private final int outputs;
  private final ScratchPool scratch;

  /**
   * Creates a predictor.
   *
   * @param schema the signature
   * @param probabilities whether scores are probabilities
   * @param program makes the kernel's inputs
   * @param kernel scores them
   */
  public CompiledPredictor(
      Schema schema, boolean probabilities, RowProgram program, Kernel kernel) {
    this.width = schema.width();
    this.outputs = schema.outputs();
    if (program.width() != width
        || program.inputs() != kernel.inputs()
        || kernel.outputs() != outputs) {
      throw new InvalidInputException(
          "a model of " + kernel.inputs() + " inputs and " + kernel.outputs()
              + " outputs does not fit a program of " + program.width() + " to "
              + program.inputs() + " and a schema of " + width + " features and " + outputs
              + " outputs");
    }
    this.schema = schema;
    this.probabilities = probabilities;
    this.program = program;
    this.kernel = kernel;
    this.direct = program.isIdentity();
    this.directUnlessMissing = program.onlyFills();
    this.scratch = new ScratchPool(program.inputs());
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public boolean givesProbabilities() {
    return probabilities;
  }

  @Override
  public void predict(double[] row, double[] scores) {
    if (row.length != width || scores.length != outputs) {
      throw wrongLength(row, scores);
    }
    if (direct || (directUnlessMissing && Rows.allFinite(row))) {
      kernel.score(row, scores);
      return;
    }
    double[] inputs = scratch.borrow();
    program.apply(row, inputs);
    kernel.score(inputs, scores);
    scratch.giveBack(inputs);
  }

  private IllegalArgumentException wrongLength(double[] row, double[] scores) {
    return new IllegalArgumentException("a row needs " + width + " values and " + outputs
        + " scores, got " + row.length + " and " + scores.length);
  }

  RowProgram program() {
    return program;
  }

  Kernel kernel() {
    return kernel;
  }

  @Override
  public String describe() {
    return "compiled " + kernel.describe();
  }

  @Override
  public String toString() {
    return describe();
  }
}
