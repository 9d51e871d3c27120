package dev.mlops.data.internal;

import dev.mlops.data.Expectation;
import dev.mlops.data.Feature;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Learns rules from a good table. */
public final class ExpectationInference {
  private static final double WIDENING = 0.1;
  private static final double STANDARD_ERRORS = 4;
  private static final double LEAST_MEAN_SHIFT = 0.1;

  private ExpectationInference() {}

  public static List<Expectation> infer(Table table) {
    List<Expectation> rules = new ArrayList<>();
    rules.add(new Expectation.RowCount(1, Long.MAX_VALUE));
    if (table.schema().target() instanceof Target.Classes) {
      long[] counts = new long[table.schema().outputs()];
      Arrays.stream(table.targets()).forEach(c -> counts[(int) c]++);
      double rarest = Arrays.stream(counts).min().orElse(0) / (double) table.size();
      rules.add(new Expectation.ClassShare(rarest / 2));
    }
    for (Feature feature : table.schema().features()) {
      double[] values = table.column(feature.name());
      double[] present = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
      rules.add(new Expectation.MissingShare(feature.name(), missing(values, present)));
      if (feature instanceof Feature.Categorical categorical) {
        rules.add(new Expectation.OneOf(feature.name(), categorical.categories()));
      } else if (present.length > 0) {
        numeric(feature.name(), present, rules);
      }
    }
    return rules;
  }

  private static double missing(double[] values, double[] present) {
    double share = 1 - (double) present.length / values.length;
    return share == 0
        ? 0
        : Math.min(1, share + STANDARD_ERRORS * Math.sqrt(share * (1 - share) / values.length));
  }

  private static void numeric(String name, double[] present, List<Expectation> rules) {
    double min = Arrays.stream(present).min().orElseThrow();
    double max = Arrays.stream(present).max().orElseThrow();
    double mean = Arrays.stream(present).average().orElseThrow();
    double deviation = Math.sqrt(
        Arrays.stream(present).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    double margin = WIDENING * (max - min);
    rules.add(new Expectation.Range(name, min - margin, max + margin));
    double shift =
        deviation * Math.max(LEAST_MEAN_SHIFT, STANDARD_ERRORS / Math.sqrt(present.length));
    rules.add(new Expectation.Mean(name, mean - shift, mean + shift));
  }
}
