package dev.mlops.model.internal;

import java.util.Arrays;
import java.util.Optional;

/*
 * Support vector machines as LIBSVM evaluates them (Chang and Lin, ACM TIST 2:27, 2011, sections
 * 4.1 and 8): kernel values, one decision value per pair of classes, then votes or coupled
 * probabilities (Wu, Lin and Weng, JMLR 5, 2004, second method).
 */
/** Support vector machines for classes and quantities. */
public final class SvmKernel implements Kernel {

  /**
   * The parameters of a machine.
   *
   * @param vectors the support vectors
   * @param perClass how many support vectors belong to each class, in order; empty for a quantity
   * @param coefficients one row per class but one; one row for a quantity
   * @param rho one per pair of classes; one for a quantity
   * @param probA slopes of the pairs' probabilities; empty for votes
   * @param probB offsets of the pairs' probabilities; empty for votes
   * @param order the position of each class among the outputs
   * @param scale what a quantity is multiplied with
   * @param shift what is then added
   */
  public record Parameters(
      SupportVectors vectors,
      int[] perClass,
      double[][] coefficients,
      double[] rho,
      double[] probA,
      double[] probB,
      int[] order,
      double scale,
      double shift) {}

  private static final double LEAST_PROBABILITY = 1e-7;

  private final int inputs;
  private final Parameters p;
  private final int vectors;
  private final int classes;
  private final int pairs;
  private final ScratchPool<double[]> scratch;

  /**
   * Creates a machine.
   *
   * @param inputs the number of inputs
   * @param parameters its parameters
   */
  public SvmKernel(int inputs, Parameters parameters) {
    this.inputs = inputs;
    this.p = parameters;
    this.vectors = parameters.vectors().count();
    this.classes = parameters.perClass().length;
    this.pairs = classes * (classes - 1) / 2;
    this.scratch = ScratchPool.ofDoubles(
        parameters.vectors().count() + pairs + 2 * classes * classes + 2 * classes);
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return Math.max(1, classes);
  }

  @Override
  public void score(double[] x, double[] scores) {
    if (!Rows.allFinite(x)) {
      Rows.absent(x);
    }
    double[] work = scratch.borrow();
    p.vectors.similarities(x, work);
    if (classes == 0) {
      scores[0] = (weighted(work, p.coefficients[0], 0, vectors, 0) - p.rho[0]) * p.scale + p.shift;
    } else {
      decide(work);
      if (p.probA.length == 0) {
        vote(work, scores);
      } else {
        probabilities(work, scores);
      }
    }
    scratch.giveBack(work);
  }

  private static double weighted(
      double[] values, double[] coefficients, int from, int count, double sum) {
    double total = sum;
    for (int k = from; k < from + count; k++) {
      total += coefficients[k] * values[k];
    }
    return total;
  }

  /** One decision value per pair of classes, stored behind the similarities. */
  private void decide(double[] work) {
    int pair = 0;
    int fromI = 0;
    for (int i = 0; i < classes; i++) {
      int fromJ = fromI + p.perClass[i];
      for (int j = i + 1; j < classes; j++) {
        double sum = weighted(work, p.coefficients[j - 1], fromI, p.perClass[i], 0);
        sum = weighted(work, p.coefficients[i], fromJ, p.perClass[j], sum);
        work[vectors + pair] = sum - p.rho[pair];
        pair++;
        fromJ += p.perClass[j];
      }
      fromI += p.perClass[i];
    }
  }

  private void vote(double[] work, double[] scores) {
    Arrays.fill(scores, 0.0);
    int pair = vectors;
    for (int i = 0; i < classes; i++) {
      for (int j = i + 1; j < classes; j++) {
        scores[p.order[work[pair++] > 0 ? i : j]]++;
      }
    }
  }

  private void probabilities(double[] work, double[] scores) {
    if (classes == 2) {
      double first = pairProbability(work[vectors], 0);
      scores[p.order[0]] = first;
      scores[p.order[1]] = 1 - first;
      return;
    }
    int r = vectors + pairs;
    int pair = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = i + 1; j < classes; j++) {
        double probability = pairProbability(work[vectors + pair], pair);
        work[r + i * classes + j] = probability;
        work[r + j * classes + i] = 1 - probability;
        pair++;
      }
    }
    PairwiseCoupling.couple(classes, work, r);
    int result = r + 2 * classes * classes;
    for (int k = 0; k < classes; k++) {
      scores[p.order[k]] = work[result + k];
    }
  }

  private double pairProbability(double decision, int pair) {
    double z = decision * p.probA[pair] + p.probB[pair];
    double raw = z >= 0 ? Math.exp(-z) / (1.0 + Math.exp(-z)) : 1.0 / (1 + Math.exp(z));
    return Math.min(Math.max(raw, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY);
  }

  /** A linear kernel is a weighted sum: of a quantity, and of two classes with probabilities. */
  @Override
  public Optional<Additive> additive() {
    boolean pair = classes == 2 && p.probA.length == 1;
    if (!p.vectors.linear() || (classes != 0 && !pair)) {
      return Optional.empty();
    }
    double[] sums = p.vectors.combined(p.coefficients[0], inputs);
    if (!pair) {
      return Optional.of(new Additive.Linear(
          new double[][] {scaled(sums, p.scale)},
          new double[] {p.shift - p.rho[0] * p.scale},
          false));
    }
    // the first class has the log odds -(a decision + b), shared between both classes
    double[][] weights = new double[2][];
    double[] biases = new double[2];
    for (int k = 0; k < 2; k++) {
      double half = k == 0 ? -0.5 : 0.5;
      weights[p.order[k]] = scaled(sums, half * p.probA[0]);
      biases[p.order[k]] = half * (p.probB[0] - p.probA[0] * p.rho[0]);
    }
    return Optional.of(new Additive.Linear(weights, biases, true));
  }

  private static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  @Override
  public void write(FlatWriter out) {
    out.putInt(inputs);
    p.vectors.write(out);
    out.putInts(p.perClass);
    out.putInt(p.coefficients.length);
    for (double[] row : p.coefficients) {
      out.putDoubles(row);
    }
    out.putDoubles(p.rho);
    out.putDoubles(p.probA);
    out.putDoubles(p.probB);
    out.putInts(p.order);
    out.putDouble(p.scale);
    out.putDouble(p.shift);
  }

  static SvmKernel read(FlatReader in) {
    int inputs = in.getInt("inputs of an SVM", 1, 1 << 24);
    SupportVectors support = SupportVectors.read(in, inputs);
    int vectors = support.count();
    int[] perClass = in.getInts();
    int classes = perClass.length;
    FlatReader.require(classes == 0 || (classes >= 2 && classes < 1 << 10), "classes: " + classes);
    long members = 0;
    for (int count : perClass) {
      FlatReader.require(count >= 0 && count <= vectors, "a class has " + count + " vectors");
      members += count;
    }
    FlatReader.require(classes == 0 || members == vectors, "classes and vectors do not agree");
    int rows = in.getInt("rows of coefficients", 1, 1 << 10);
    FlatReader.require(rows == Math.max(1, classes - 1), "rows of coefficients: " + rows);
    double[][] coefficients = new double[rows][];
    for (int i = 0; i < rows; i++) {
      coefficients[i] = in.getDoubles();
      FlatReader.require(coefficients[i].length == vectors, "one coefficient per vector");
    }
    int pairs = Math.max(1, classes * (classes - 1) / 2);
    double[] rho = in.getDoubles();
    double[] probA = in.getDoubles();
    double[] probB = in.getDoubles();
    FlatReader.require(rho.length == pairs, "one offset per pair");
    FlatReader.require(
        probA.length == probB.length
            && (probA.length == 0 || (classes > 0 && probA.length == pairs)),
        "one probability per pair");
    int[] order = KernelCodec.readPermutation(in, Math.max(1, classes));
    return new SvmKernel(
        inputs,
        new Parameters(
            support,
            perClass,
            coefficients,
            rho,
            probA,
            probB,
            order,
            in.getDouble(),
            in.getDouble()));
  }

  @Override
  public String describe() {
    return "SVM, " + p.vectors.describe();
  }
}
