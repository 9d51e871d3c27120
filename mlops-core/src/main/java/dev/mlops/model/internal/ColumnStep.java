package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.Arrays;

/**
 * What happens to one value on its way from a row to a kernel's input. Steps are pure functions of
 * one double; NaN is a missing value. Immutable.
 */
public sealed interface ColumnStep {

  /** Applies the step. */
  double apply(double value);

  /**
   * A missing value becomes a constant.
   *
   * @param value the constant
   */
  record Fill(double value) implements ColumnStep {
    @Override
    public double apply(double v) {
      return Double.isNaN(v) ? value : v;
    }
  }

  /**
   * {@code (v - centre) / scale}.
   *
   * @param centre what is subtracted
   * @param scale what it is divided by
   */
  record Scale(double centre, double scale) implements ColumnStep {
    @Override
    public double apply(double v) {
      return (v - centre) / scale;
    }
  }

  /** 1 where the value is missing, 0 elsewhere. */
  record IsMissing() implements ColumnStep {
    @Override
    public double apply(double v) {
      return Double.isNaN(v) ? 1.0 : 0.0;
    }
  }

  /**
   * 1 where the value equals a constant, 0 elsewhere; a missing value stays missing.
   *
   * @param value the constant
   */
  record Is(double value) implements ColumnStep {
    @Override
    public double apply(double v) {
      return v == value ? 1.0 : Double.isNaN(v) ? v : 0.0;
    }
  }

  /**
   * The number of edges at or below the value; a missing value stays missing.
   *
   * @param edges ascending
   */
  record Bin(double[] edges) implements ColumnStep {
    @Override
    public double apply(double v) {
      if (Double.isNaN(v)) {
        return v;
      }
      int low = 0;
      int high = edges.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (edges[middle] <= v) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Bin other && Arrays.equals(edges, other.edges);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(edges);
    }

    @Override
    public String toString() {
      return "Bin" + Arrays.toString(edges);
    }
  }

  /** Writes the step. */
  default void write(FlatWriter out) {
    if (this instanceof Fill fill) {
      out.putByte(1);
      out.putDouble(fill.value);
    } else if (this instanceof Scale scale) {
      out.putByte(2);
      out.putDouble(scale.centre);
      out.putDouble(scale.scale);
    } else if (this instanceof IsMissing) {
      out.putByte(3);
    } else if (this instanceof Is is) {
      out.putByte(4);
      out.putDouble(is.value);
    } else if (this instanceof Bin bin) {
      out.putByte(5);
      out.putDoubles(bin.edges);
    }
  }

  /** Reads a step. */
  static ColumnStep read(FlatReader in) {
    int tag = in.getByte();
    return switch (tag) {
      case 1 -> new Fill(in.getDouble());
      case 2 -> new Scale(in.getDouble(), in.getDouble());
      case 3 -> new IsMissing();
      case 4 -> new Is(in.getDouble());
      case 5 -> new Bin(in.getDoubles());
      default -> throw new CorruptException("flat model: unknown column step " + tag);
    };
  }
}
