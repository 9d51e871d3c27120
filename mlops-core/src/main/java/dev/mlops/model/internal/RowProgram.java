package dev.mlops.model.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes a kernel's inputs from a row: each input is one column of the row, changed by some steps.
 * Immutable.
 *
 * <p>Steps are applied from tables of primitives. A list of step objects would read better and
 * costs an unpredictable call per value.
 */
public final class RowProgram {

  /**
   * Where one input comes from.
   *
   * @param source the column of the row
   * @param steps what happens to it, in order
   */
  public record Column(int source, List<ColumnStep> steps) {
    /** Creates a column. */
    public Column {
      steps = List.copyOf(steps);
    }
  }

  private static final byte FILL = 0;
  private static final byte SCALE = 1;
  private static final byte IS = 2;
  private static final byte OTHER = 3;

  private final int width;
  private final List<Column> columns;
  private final int[] sources;
  private final int[] starts;
  private final byte[] codes;
  private final double[] first;
  private final double[] second;
  private final ColumnStep[] steps;

  /**
   * Creates a program.
   *
   * @param width the number of values of a row
   * @param columns one per input
   */
  public RowProgram(int width, List<Column> columns) {
    this.width = width;
    this.columns = List.copyOf(columns);
    this.sources = columns.stream().mapToInt(Column::source).toArray();
    this.starts = new int[columns.size() + 1];
    this.steps = columns.stream().flatMap(c -> c.steps().stream()).toArray(ColumnStep[]::new);
    this.codes = new byte[steps.length];
    this.first = new double[steps.length];
    this.second = new double[steps.length];
    for (int i = 0; i < columns.size(); i++) {
      starts[i + 1] = starts[i] + columns.get(i).steps().size();
    }
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] instanceof ColumnStep.Fill fill) {
        codes[i] = FILL;
        first[i] = fill.value();
      } else if (steps[i] instanceof ColumnStep.Scale scale) {
        codes[i] = SCALE;
        first[i] = scale.centre();
        second[i] = scale.scale();
      } else if (steps[i] instanceof ColumnStep.Is is) {
        codes[i] = IS;
        first[i] = is.value();
      } else {
        codes[i] = OTHER;
      }
    }
  }

  /**
   * The program that changes nothing.
   *
   * @param width the number of values of a row
   * @return one input per column
   */
  public static RowProgram identity(int width) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(new Column(i, List.of()));
    }
    return new RowProgram(width, columns);
  }

  /** Returns where the inputs come from. */
  public List<Column> columns() {
    return columns;
  }

  /** Returns the number of inputs. */
  public int inputs() {
    return sources.length;
  }

  /** Returns the number of values of a row. */
  public int width() {
    return width;
  }

  /** Tells whether inputs are the row itself. */
  boolean isIdentity() {
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] != i) {
        return false;
      }
    }
    return sources.length == width && steps.length == 0;
  }

  /** Tells whether the inputs are the row itself wherever no value is missing. */
  boolean onlyFills() {
    for (int i = 0; i < sources.length; i++) {
      if (sources[i] != i) {
        return false;
      }
    }
    for (byte code : codes) {
      if (code != FILL) {
        return false;
      }
    }
    return sources.length == width;
  }

  void apply(double[] row, double[] inputs) {
    final int[] starts = this.starts;
    int step = 0;
    for (int i = 0; i < sources.length; i++) {
      double value = row[sources[i]];
      for (int end = starts[i + 1]; step < end; step++) {
        switch (codes[step]) {
          case FILL -> value = Double.isNaN(value) ? first[step] : value;
          case SCALE -> value = (value - first[step]) / second[step];
          case IS -> value = value == first[step] ? 1.0 : Double.isNaN(value) ? value : 0.0;
          default -> value = steps[step].apply(value);
        }
      }
      inputs[i] = value;
    }
  }

  void write(FlatWriter out) {
    out.putInt(width);
    out.putInt(columns.size());
    for (Column column : columns) {
      out.putInt(column.source());
      out.putInt(column.steps().size());
      column.steps().forEach(step -> step.write(out));
    }
  }

  static RowProgram read(FlatReader in) {
    int width = in.getInt("width of a row", 1, 1 << 24);
    int inputs = in.getInt("inputs", 1, in.remaining() / (2 * Integer.BYTES));
    List<Column> columns = new ArrayList<>(inputs);
    for (int i = 0; i < inputs; i++) {
      int source = in.getInt("source of an input", 0, width - 1);
      int count = in.getInt("steps", 0, in.remaining());
      List<ColumnStep> steps = new ArrayList<>();
      for (int k = 0; k < count; k++) {
        steps.add(ColumnStep.read(in));
      }
      columns.add(new Column(source, steps));
    }
    return new RowProgram(width, columns);
  }
}
