package dev.mlops.model.internal;

import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A compiled model: a row program in front of a kernel. Immutable, safe for use by several threads,
 * and free of allocation once warm.
 */
public final class CompiledPredictor implements Predictor {
  private final Schema schema;
  private final boolean probabilities;
  private final RowProgram program;
  private final boolean complete;
  private final Kernel kernel;
  private final Calibration calibration;
  private final boolean calibrated;
  private final boolean direct;
  private final boolean directUnlessMissing;
  private final int width;
  private final int outputs;
  private final ScratchPool<double[]> scratch;

  /**
   * Creates a predictor.
   *
   * @param schema the signature
   * @param probabilities whether scores are probabilities
   * @param program makes the kernel's inputs
   * @param complete whether every input must be present and finite
   * @param kernel scores the inputs
   * @param calibration what becomes of the scores
   */
  public CompiledPredictor(
      Schema schema,
      boolean probabilities,
      RowProgram program,
      boolean complete,
      Kernel kernel,
      Calibration calibration) {
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
    this.complete = complete;
    this.kernel = kernel;
    this.calibration = calibration;
    this.calibrated = !calibration.isNone();
    this.direct = program.isIdentity();
    this.directUnlessMissing = program.onlyFills();
    this.scratch = ScratchPool.ofDoubles(program.inputs());
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
    if (direct ? !complete || Rows.allFinite(row) : directUnlessMissing && Rows.allFinite(row)) {
      kernel.score(row, scores);
    } else {
      double[] inputs = scratch.borrow();
      program.apply(row, inputs);
      if (complete && !Rows.allFinite(inputs)) {
        throw incomplete(row);
      }
      kernel.score(inputs, scores);
      scratch.giveBack(inputs);
    }
    if (calibrated) {
      calibration.apply(scores);
    }
  }

  private InvalidInputException incomplete(double[] row) {
    for (int i = 0; i < width; i++) {
      if (Double.isInfinite(row[i])) {
        return new InvalidInputException(
            "feature '" + schema.features().get(i).name() + "' must be finite, got " + row[i]);
      }
    }
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      if (Double.isNaN(row[i])) {
        missing.add(schema.features().get(i).name());
      }
    }
    return new InvalidInputException(
        missing.isEmpty()
            ? "the row overflows when it is scaled"
            : "features " + missing + " are missing (NaN) and not all of them are imputed");
  }

  private IllegalArgumentException wrongLength(double[] row, double[] scores) {
    return new IllegalArgumentException("a row needs " + width + " values and " + outputs
        + " scores, got " + row.length + " and " + scores.length);
  }

  /**
   * Returns how far scores may be from those of the library that trained the model.
   *
   * @return absolute for scores up to 1, relative above; 0 where scores are bit-equal
   */
  public double tolerance() {
    return kernel.tolerance();
  }

  /**
   * Returns the sums behind the scores before calibration, for exact explanations.
   *
   * @return empty if the scores are no function of a sum over the inputs or trees
   */
  public Optional<Additive> additive() {
    return kernel.additive();
  }

  /**
   * Makes the kernel's inputs of a row, as {@link #predict} does.
   *
   * @param row one value per feature in schema order
   * @return a new array, {@code NaN} where an input is absent
   * @throws IllegalArgumentException if the length is wrong
   * @throws InvalidInputException if a value is missing that the model needs
   */
  public double[] inputs(double[] row) {
    if (row.length != width) {
      throw new IllegalArgumentException("a row needs " + width + " values, got " + row.length);
    }
    double[] inputs = new double[program.inputs()];
    program.apply(row, inputs);
    if (complete && !Rows.allFinite(inputs)) {
      throw incomplete(row);
    }
    return inputs;
  }

  /** Returns for each of the kernel's inputs the feature that it is made of. */
  public int[] sources() {
    return program.columns().stream().mapToInt(RowProgram.Column::source).toArray();
  }

  RowProgram program() {
    return program;
  }

  boolean complete() {
    return complete;
  }

  Calibration calibration() {
    return calibration;
  }

  Kernel kernel() {
    return kernel;
  }

  @Override
  public String describe() {
    return "compiled " + kernel.describe() + (calibrated ? ", calibrated" : "");
  }

  @Override
  public String toString() {
    return describe();
  }
}
