package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Transform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Learns transforms from training rows. Definitions follow scikit-learn 1.2.1: standard deviation
 * with n below the fraction, quantiles by linear interpolation, missing values left out.
 */
public final class Fitter {
  /** Below this a spread is rounding noise (scikit-learn's 10 machine epsilons). */
  private static final double NO_SPREAD = 10 * Math.ulp(1.0);

  private final Frame frame;
  private final List<Feature> columns;

  private Fitter(Frame frame) {
    this.frame = frame;
    this.columns = frame.columns();
  }

  /** Fits one transform on the rows of a frame. */
  public static FittedTransform fit(Transform transform, Frame frame) {
    var fitter = new Fitter(frame);
    if (transform instanceof Transform.Impute impute) {
      return fitter.impute(impute);
    } else if (transform instanceof Transform.ImputeConstant constant) {
      return fitter.imputeConstant(constant);
    } else if (transform instanceof Transform.ImputeText text) {
      return fitter.imputeText(text);
    } else if (transform instanceof Transform.MissingIndicator indicator) {
      return fitter.indicate(indicator);
    } else if (transform instanceof Transform.Standardise) {
      return fitter.standardise(transform);
    } else if (transform instanceof Transform.MinMaxScale) {
      return fitter.minMax(transform);
    } else if (transform instanceof Transform.RobustScale) {
      return fitter.robust(transform);
    } else if (transform instanceof Transform.OneHot) {
      return fitter.oneHot(transform);
    } else if (transform instanceof Transform.Ordinal) {
      return fitter.ordinal(transform);
    } else if (transform instanceof Transform.QuantileBins bins) {
      return fitter.bins(bins);
    }
    throw new IllegalStateException("no fit for " + transform);
  }

  private enum Kind {
    NUMERIC,
    CATEGORICAL,
    ANY
  }

  /** Marks the columns that a transform works on. */
  private boolean[] chosen(Transform transform, Kind kind) {
    boolean[] chosen = new boolean[columns.size()];
    if (transform.columns().isEmpty()) {
      for (int j = 0; j < chosen.length; j++) {
        chosen[j] = fits(columns.get(j), kind);
      }
      return chosen;
    }
    List<String> names = columns.stream().map(Feature::name).toList();
    for (String name : transform.columns()) {
      int j = names.indexOf(name);
      if (j < 0) {
        throw new InvalidInputException(
            step(transform) + " names column '" + name + "', the columns are " + names);
      }
      if (!fits(columns.get(j), kind)) {
        throw new InvalidInputException("%s needs %s columns, '%s' is %s"
            .formatted(
                step(transform),
                kind == Kind.NUMERIC ? "numeric" : "categorical",
                name,
                kind == Kind.NUMERIC ? "categorical" : "numeric"));
      }
      chosen[j] = true;
    }
    return chosen;
  }

  private static boolean fits(Feature column, Kind kind) {
    return kind == Kind.ANY || column instanceof Feature.Numeric == (kind == Kind.NUMERIC);
  }

  private static String step(Transform transform) {
    return transform.getClass().getSimpleName();
  }

  private double[] present(Transform transform, int column) {
    double[] present = frame.sortedPresent(column);
    if (present.length == 0) {
      throw new InvalidInputException(step(transform)
          + " needs at least one value in column '"
          + columns.get(column).name()
          + "', all training values are missing");
    }
    return present;
  }

  private FittedTransform impute(Transform.Impute impute) {
    boolean named = !impute.columns().isEmpty();
    boolean[] chosen = chosen(
        impute, named && impute.fill() != Transform.Fill.MOST_FREQUENT ? Kind.NUMERIC : Kind.ANY);
    double[] values = nothing();
    for (int j = 0; j < values.length; j++) {
      if (chosen[j]) {
        double[] present = present(impute, j);
        values[j] = columns.get(j) instanceof Feature.Categorical
            ? mostFrequent(present)
            : switch (impute.fill()) {
              case MEAN -> mean(present);
              case MEDIAN -> quantile(present, 0.5);
              case MOST_FREQUENT -> mostFrequent(present);
            };
      }
    }
    return new FittedTransform.Fill(columns, values);
  }

  private FittedTransform imputeConstant(Transform.ImputeConstant constant) {
    boolean[] chosen = chosen(constant, Kind.NUMERIC);
    double[] values = nothing();
    for (int j = 0; j < values.length; j++) {
      values[j] = chosen[j] ? constant.value() : Double.NaN;
    }
    return new FittedTransform.Fill(columns, values);
  }

  private FittedTransform imputeText(Transform.ImputeText text) {
    boolean[] chosen = chosen(text, Kind.CATEGORICAL);
    double[] values = nothing();
    List<Feature> out = new ArrayList<>(columns);
    for (int j = 0; j < values.length; j++) {
      if (chosen[j] && columns.get(j) instanceof Feature.Categorical column) {
        int known = column.categories().indexOf(text.text());
        values[j] = known >= 0 ? known : column.categories().size();
        if (known < 0) {
          List<String> categories = new ArrayList<>(column.categories());
          categories.add(text.text());
          out.set(j, new Feature.Categorical(column.name(), categories));
        }
      }
    }
    return new FittedTransform.Fill(List.copyOf(out), values);
  }

  private double[] nothing() {
    double[] values = new double[columns.size()];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private FittedTransform indicate(Transform.MissingIndicator indicator) {
    boolean[] chosen = chosen(indicator, Kind.ANY);
    List<Feature> out = new ArrayList<>(columns);
    List<Integer> sources = new ArrayList<>();
    for (int j = 0; j < chosen.length; j++) {
      boolean watched = chosen[j]
          && (!indicator.columns().isEmpty()
              || frame.sortedPresent(j).length < frame.rows().length);
      if (watched) {
        sources.add(j);
        out.add(new Feature.Numeric(columns.get(j).name() + "=missing"));
      }
    }
    return new FittedTransform.Indicate(
        List.copyOf(out), sources.stream().mapToInt(Integer::intValue).toArray());
  }

  private FittedTransform standardise(Transform transform) {
    return scale(transform, present -> {
      double mean = mean(present);
      double squares = 0;
      for (double value : present) {
        squares += (value - mean) * (value - mean);
      }
      return new double[] {mean, Math.sqrt(squares / present.length)};
    });
  }

  private FittedTransform minMax(Transform transform) {
    return scale(transform, present ->
        new double[] {present[0], present[present.length - 1] - present[0]});
  }

  private FittedTransform robust(Transform transform) {
    return scale(transform, present ->
        new double[] {quantile(present, 0.5), quantile(present, 0.75) - quantile(present, 0.25)});
  }

  /** Gives shift and scale of the sorted values of a column. */
  private interface Spread {
    double[] of(double[] present);
  }

  private FittedTransform scale(Transform transform, Spread spread) {
    boolean[] chosen = chosen(transform, Kind.NUMERIC);
    double[] shift = new double[chosen.length];
    double[] scale = new double[chosen.length];
    for (int j = 0; j < chosen.length; j++) {
      scale[j] = 1;
      if (chosen[j]) {
        double[] present = present(transform, j);
        double[] fitted = spread.of(present);
        shift[j] = fitted[0];
        double magnitude = Math.max(Math.abs(present[0]), Math.abs(present[present.length - 1]));
        scale[j] = fitted[1] <= NO_SPREAD * magnitude || fitted[1] == 0 ? 1 : fitted[1];
      }
    }
    return new FittedTransform.Scale(columns, shift, scale);
  }

  private FittedTransform oneHot(Transform transform) {
    boolean[] chosen = chosen(transform, Kind.CATEGORICAL);
    int[] widths = new int[chosen.length];
    List<Feature> out = new ArrayList<>();
    for (int j = 0; j < chosen.length; j++) {
      if (chosen[j] && columns.get(j) instanceof Feature.Categorical column) {
        widths[j] = column.categories().size();
        if (widths[j] == 0) {
          throw new InvalidInputException(
              "OneHot needs at least one category in column '" + column.name() + "', got none");
        }
        for (String category : column.categories()) {
          out.add(new Feature.Numeric(column.name() + "=" + category));
        }
      } else {
        out.add(columns.get(j));
      }
    }
    return new FittedTransform.Expand(List.copyOf(out), widths);
  }

  private FittedTransform ordinal(Transform transform) {
    return new FittedTransform.Recode(asNumbers(chosen(transform, Kind.CATEGORICAL)));
  }

  private List<Feature> asNumbers(boolean[] chosen) {
    List<Feature> out = new ArrayList<>(columns);
    for (int j = 0; j < chosen.length; j++) {
      if (chosen[j]) {
        out.set(j, new Feature.Numeric(columns.get(j).name()));
      }
    }
    return List.copyOf(out);
  }

  private FittedTransform bins(Transform.QuantileBins bins) {
    boolean[] chosen = chosen(bins, Kind.NUMERIC);
    List<double[]> edges = new ArrayList<>();
    for (int j = 0; j < chosen.length; j++) {
      edges.add(chosen[j] ? edges(present(bins, j), bins.bins()) : new double[0]);
    }
    return new FittedTransform.Cut(columns, List.copyOf(edges), chosen);
  }

  /**
   * The inner quantiles; a bin no wider than 1e-8 is merged into the next, as scikit-learn does.
   */
  private static double[] edges(double[] present, int bins) {
    double[] inner = new double[bins + 1];
    int n = 0;
    for (int b = 0; b <= bins; b++) {
      double edge = quantile(present, (double) b / bins);
      if (n == 0 || edge - quantile(present, (double) (b - 1) / bins) > 1e-8) {
        inner[n++] = edge;
      }
    }
    return n <= 2 ? new double[0] : Arrays.copyOfRange(inner, 1, n - 1);
  }

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The quantile of sorted values by linear interpolation (Hyndman and Fan's type 7). */
  static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The most frequent of sorted values, the smallest of equally frequent ones. */
  private static double mostFrequent(double[] sorted) {
    double best = sorted[0];
    int bestRun = 0;
    int run = 0;
    for (int i = 0; i < sorted.length; i++) {
      run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
      if (run > bestRun) {
        bestRun = run;
        best = sorted[i];
      }
    }
    return best;
  }
}
