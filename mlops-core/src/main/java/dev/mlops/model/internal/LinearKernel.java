package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/*
 * Weighted sums and a link. Sums run over the columns in the order in which the model was trained,
 * which need not be the order of the inputs, so that they round as the training library's do. An
 * absent input adds nothing.
 */
/** Linear and logistic models. */
public final class LinearKernel implements Kernel {

  /** How sums become scores. */
  public enum Link {
    /** The sums themselves. */
    IDENTITY,
    /** The exponentials' shares, after subtracting the largest sum. */
    SOFTMAX,
    /** The logistic function of each sum. */
    LOGISTIC,
    /** The logistic functions' shares; with one sum, its logistic function and the rest of 1. */
    ONE_VERSUS_REST,
    /** The sums themselves; with one sum, it and its opposite. */
    ONE_VERSUS_REST_MARGIN
  }

  private final int inputs;
  private final int[] columns;
  private final int[] order;
  private final double[] weights;
  private final double[] biases;
  private final Link link;
  private final ScratchPool<double[]> scratch;

  /**
   * Creates a linear model.
   *
   * @param inputs the number of inputs
   * @param columns which input each weight of a sum goes with
   * @param weights one row of weights per sum
   * @param biases one per sum
   * @param link how sums become scores
   * @param order the position of each score among the outputs
   */
  public LinearKernel(
      int inputs, int[] columns, double[][] weights, double[] biases, Link link, int[] order) {
    this(inputs, columns, flatten(weights), biases, link, order);
  }

  private LinearKernel(
      int inputs, int[] columns, double[] weights, double[] biases, Link link, int[] order) {
    this.inputs = inputs;
    this.columns = columns.clone();
    this.weights = weights;
    this.biases = biases.clone();
    this.link = link;
    this.order = order.clone();
    this.scratch = ScratchPool.ofDoubles(Math.max(inputs, order.length));
  }

  private static double[] flatten(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public int outputs() {
    return order.length;
  }

  @Override
  public void score(double[] x, double[] scores) {
    double check = sums(x, scores);
    if (Double.isNaN(check) && Rows.absent(x) > 0) {
      double[] dense = scratch.borrow();
      Rows.copyAbsentAsZero(x, dense);
      sums(dense, scores);
      scratch.giveBack(dense);
    }
    link(scores);
  }

  /**
   * Every sum has its own order, which makes it wait for itself: so several go side by side.
   * Returns NaN if an input is NaN.
   */
  private double sums(double[] x, double[] scores) {
    int count = biases.length;
    double check = 0;
    int k = 0;
    for (; k + 3 < count; k += 4) {
      check = fourSums(x, scores, k);
    }
    if (k + 1 < count) {
      check = twoSums(x, scores, k);
      k += 2;
    }
    return k < count ? oneSum(x, scores, k) : check;
  }

  private double fourSums(double[] x, double[] scores, int k) {
    final int[] columns = this.columns;
    final double[] weights = this.weights;
    int n = columns.length;
    int row = k * n;
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int i = 0; i < n; i++) {
      double value = x[columns[i]];
      a += weights[row + i] * value;
      b += weights[row + n + i] * value;
      c += weights[row + 2 * n + i] * value;
      d += weights[row + 3 * n + i] * value;
    }
    scores[k] = a + biases[k];
    scores[k + 1] = b + biases[k + 1];
    scores[k + 2] = c + biases[k + 2];
    scores[k + 3] = d + biases[k + 3];
    return a;
  }

  private double twoSums(double[] x, double[] scores, int k) {
    final int[] columns = this.columns;
    final double[] weights = this.weights;
    int n = columns.length;
    int row = k * n;
    double a = 0;
    double b = 0;
    for (int i = 0; i < n; i++) {
      double value = x[columns[i]];
      a += weights[row + i] * value;
      b += weights[row + n + i] * value;
    }
    scores[k] = a + biases[k];
    scores[k + 1] = b + biases[k + 1];
    return a;
  }

  private double oneSum(double[] x, double[] scores, int k) {
    final int[] columns = this.columns;
    final double[] weights = this.weights;
    int n = columns.length;
    int row = k * n;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += weights[row + i] * x[columns[i]];
    }
    scores[k] = sum + biases[k];
    return sum;
  }

  private void link(double[] scores) {
    switch (link) {
      case IDENTITY -> {}
      case SOFTMAX -> softmax(scores);
      case LOGISTIC -> {
        for (int k = 0; k < scores.length; k++) {
          scores[k] = 1.0 / (1.0 + Math.exp(-scores[k]));
        }
      }
      case ONE_VERSUS_REST -> oneVersusRest(scores);
      case ONE_VERSUS_REST_MARGIN -> {
        if (biases.length == 1) {
          scores[1] = -scores[0];
        }
      }
    }
    arrange(scores);
  }

  private static void softmax(double[] scores) {
    int n = scores.length;
    if (n == 2) {
      double a = scores[0];
      double b = scores[1];
      double gap = b - a;
      if (Math.abs(gap) <= Double.MAX_VALUE) { // both finite: the larger one's share is exp(0) = 1
        double e = Math.exp(-Math.abs(gap));
        double sum = 1.0 + e;
        int top = (int) (Double.doubleToRawLongBits(a - b) >>> 63);
        scores[top] = 1.0 / sum;
        scores[1 - top] = e / sum;
        return;
      }
    }
    double max = -Double.MAX_VALUE;
    for (int k = 0; k < n; k++) {
      if (max < scores[k]) {
        max = scores[k];
      }
    }
    double sum = 0;
    for (int k = 0; k < n; k++) {
      scores[k] = Math.exp(scores[k] - max);
      sum += scores[k];
    }
    for (int k = 0; k < n; k++) {
      scores[k] /= sum;
    }
  }

  private void oneVersusRest(double[] scores) {
    double sum = 0;
    for (int k = 0; k < biases.length; k++) {
      scores[k] = 1 / (1 + Math.exp(-scores[k]));
      sum += scores[k];
    }
    if (biases.length == 1) {
      scores[1] = 1. - scores[0];
      return;
    }
    for (int k = 0; k < biases.length; k++) {
      scores[k] /= sum;
    }
  }

  private void arrange(double[] scores) {
    int n = order.length;
    if (n == 2) {
      if (order[0] == 1) {
        double first = scores[0];
        scores[0] = scores[1];
        scores[1] = first;
      }
    } else if (n > 2 && !identity()) {
      double[] copy = scratch.borrow();
      System.arraycopy(scores, 0, copy, 0, n);
      for (int k = 0; k < n; k++) {
        scores[order[k]] = copy[k];
      }
      scratch.giveBack(copy);
    }
  }

  private boolean identity() {
    for (int k = 0; k < order.length; k++) {
      if (order[k] != k) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<Additive> additive() {
    boolean opposite =
        biases.length == 1 && (link == Link.ONE_VERSUS_REST || link == Link.ONE_VERSUS_REST_MARGIN);
    boolean margin = link != Link.IDENTITY && link != Link.ONE_VERSUS_REST_MARGIN;
    double[][] sums = new double[order.length][inputs];
    double[] starts = new double[order.length];
    for (int k = 0; k < order.length; k++) {
      int from = opposite ? 0 : k;
      // of one sum, log odds are shared between both classes; a plain score has its opposite
      double sign = (opposite && k == 1 ? -1 : 1) * (opposite && margin ? 0.5 : 1);
      for (int i = 0; i < columns.length; i++) {
        sums[order[k]][columns[i]] += sign * weights[from * columns.length + i];
      }
      starts[order[k]] = sign * biases[from];
    }
    return Optional.of(new Additive.Linear(sums, starts, margin));
  }

  @Override
  public void write(FlatWriter out) {
    out.putInt(inputs);
    out.putByte(link.ordinal());
    out.putInts(columns);
    out.putDoubles(weights);
    out.putDoubles(biases);
    out.putInts(order);
  }

  static LinearKernel read(FlatReader in) {
    int inputs = in.getInt("inputs of a linear model", 1, 1 << 24);
    int link = in.getByte();
    if (link < 0 || link >= Link.values().length) {
      throw new CorruptException("flat model: unknown link " + link);
    }
    int[] columns = in.getInts();
    for (int column : columns) {
      FlatReader.require(column >= 0 && column < inputs, "a weight reads input " + column);
    }
    double[] weights = in.getDoubles();
    double[] biases = in.getDoubles();
    FlatReader.require(
        biases.length > 0 && weights.length == (long) biases.length * columns.length,
        "weights and biases do not agree");
    Link kind = Link.values()[link];
    boolean pair =
        biases.length == 1 && (kind == Link.ONE_VERSUS_REST || kind == Link.ONE_VERSUS_REST_MARGIN);
    int[] order = KernelCodec.readPermutation(in, pair ? 2 : biases.length);
    return new LinearKernel(inputs, columns, weights, biases, kind, order);
  }

  @Override
  public String describe() {
    return String.format(
        Locale.ROOT,
        "linear, %d weights, %s",
        weights.length,
        link.name().toLowerCase(Locale.ROOT));
  }
}
