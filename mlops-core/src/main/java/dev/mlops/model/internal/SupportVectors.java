package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.Arrays;
import java.util.Locale;

/*
 * The similarities of a row to all support vectors at once. Vectors are stored transposed, one array
 * per column, so that the inner loops run over vectors and compile to vector instructions, while the
 * terms of any one sum are still added column by column: results are bit-equal to LIBSVM's. The
 * arrays are read at the same position as the sums; a start in one long array would be an alias that
 * the JIT compiler cannot rule out, and it would go back to one number at a time. Four columns go
 * into a sum before it is stored again.
 */
/** Support vectors and the function that compares rows with them. Immutable. */
public final class SupportVectors {

  /** The similarity of two rows. */
  public enum Similarity {
    /** x·s. */
    LINEAR,
    /** (gamma x·s + coef0) to the power of degree. */
    POLYNOMIAL,
    /** exp(-gamma |x - s|²). */
    RBF,
    /** tanh(gamma x·s + coef0). */
    SIGMOID
  }

  private final Similarity similarity;
  private final double gamma;
  private final double coef0;
  private final int degree;
  private final int[] inputs;
  private final double[][] columns;
  private final int count;

  /**
   * Creates support vectors.
   *
   * @param similarity the kernel function
   * @param gamma its scale
   * @param coef0 its offset
   * @param degree its power
   * @param inputs which input each column goes with
   * @param columns the vectors, column by column; at least one column
   */
  public SupportVectors(
      Similarity similarity,
      double gamma,
      double coef0,
      int degree,
      int[] inputs,
      double[][] columns) {
    this.similarity = similarity;
    this.gamma = gamma;
    this.coef0 = coef0;
    this.degree = degree;
    this.inputs = inputs.clone();
    this.columns = columns.clone();
    this.count = columns[0].length;
  }

  int count() {
    return count;
  }

  /** Compares a row with every vector; an absent input and a 0 are the same. */
  void similarities(double[] x, double[] out) {
    Arrays.fill(out, 0, count, 0.0);
    if (similarity == Similarity.RBF) {
      squares(x, out);
    } else {
      products(x, out);
    }
    switch (similarity) {
      case LINEAR -> {}
      case RBF -> {
        for (int j = 0; j < count; j++) {
          out[j] = Math.exp(-gamma * out[j]);
        }
      }
      case POLYNOMIAL -> {
        for (int j = 0; j < count; j++) {
          out[j] = power(gamma * out[j] + coef0, degree);
        }
      }
      case SIGMOID -> {
        for (int j = 0; j < count; j++) {
          out[j] = Math.tanh(gamma * out[j] + coef0);
        }
      }
    }
  }

  private void squares(double[] x, double[] out) {
    int i = 0;
    for (; i + 3 < columns.length; i += 4) {
      addSquares(
          out,
          count,
          columns[i],
          value(x, i),
          columns[i + 1],
          value(x, i + 1),
          columns[i + 2],
          value(x, i + 2),
          columns[i + 3],
          value(x, i + 3));
    }
    for (; i < columns.length; i++) {
      addSquares(out, count, columns[i], value(x, i));
    }
  }

  private void products(double[] x, double[] out) {
    int i = 0;
    for (; i + 3 < columns.length; i += 4) {
      addProducts(
          out,
          count,
          columns[i],
          value(x, i),
          columns[i + 1],
          value(x, i + 1),
          columns[i + 2],
          value(x, i + 2),
          columns[i + 3],
          value(x, i + 3));
    }
    for (; i < columns.length; i++) {
      addProducts(out, count, columns[i], value(x, i));
    }
  }

  private double value(double[] x, int column) {
    double value = x[inputs[column]];
    return Double.isNaN(value) ? 0.0 : value;
  }

  private static void addSquares(double[] sums, int n, double[] s, double a) {
    for (int j = 0; j < n; j++) {
      double gap = a - s[j];
      sums[j] += gap * gap;
    }
  }

  private static void addSquares(
      double[] sums,
      int n,
      double[] s,
      double a,
      double[] t,
      double b,
      double[] u,
      double c,
      double[] v,
      double d) {
    for (int j = 0; j < n; j++) {
      double e = a - s[j];
      double f = b - t[j];
      double g = c - u[j];
      double h = d - v[j];
      sums[j] = sums[j] + e * e + f * f + g * g + h * h;
    }
  }

  private static void addProducts(double[] sums, int n, double[] s, double a) {
    for (int j = 0; j < n; j++) {
      sums[j] += a * s[j];
    }
  }

  private static void addProducts(
      double[] sums,
      int n,
      double[] s,
      double a,
      double[] t,
      double b,
      double[] u,
      double c,
      double[] v,
      double d) {
    for (int j = 0; j < n; j++) {
      sums[j] = sums[j] + a * s[j] + b * t[j] + c * u[j] + d * v[j];
    }
  }

  private static double power(double base, int exponent) {
    double square = base;
    double result = 1.0;
    for (int t = exponent; t > 0; t /= 2) {
      if (t % 2 == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  void write(FlatWriter out) {
    out.putByte(similarity.ordinal());
    out.putDouble(gamma);
    out.putDouble(coef0);
    out.putInt(degree);
    out.putInts(inputs);
    out.putInt(count);
    double[] all = new double[columns.length * count];
    for (int i = 0; i < columns.length; i++) {
      System.arraycopy(columns[i], 0, all, i * count, count);
    }
    out.putDoubles(all);
  }

  static SupportVectors read(FlatReader in, int width) {
    int similarity = in.getByte();
    if (similarity < 0 || similarity >= Similarity.values().length) {
      throw new CorruptException("flat model: unknown kernel function " + similarity);
    }
    double gamma = in.getDouble();
    double coef0 = in.getDouble();
    int degree = in.getInt("degree", 0, 1 << 10);
    int[] inputs = in.getInts();
    FlatReader.require(inputs.length > 0, "support vectors need a column");
    for (int input : inputs) {
      FlatReader.require(input >= 0 && input < width, "a column reads input " + input);
    }
    int count = in.getInt("support vectors", 1, 1 << 24);
    double[] all = in.getDoubles();
    FlatReader.require(
        all.length == (long) count * inputs.length, "support vectors are incomplete");
    double[][] columns = new double[inputs.length][];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Arrays.copyOfRange(all, i * count, (i + 1) * count);
    }
    return new SupportVectors(
        Similarity.values()[similarity], gamma, coef0, degree, inputs, columns);
  }

  String describe() {
    return String.format(
        Locale.ROOT,
        "%s kernel, %d support vectors",
        similarity.name().toLowerCase(Locale.ROOT),
        count);
  }
}
