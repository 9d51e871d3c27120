package dev.mlops.data.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Table;
import dev.mlops.data.TableCheck.Trap;
import dev.mlops.data.TableCheck.Warning;
import dev.mlops.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Searches a table for traps. */
public final class TrapSearch {
  private static final int RARE = 10;

  /** Below this many rows a feature may decide the label by chance. */
  private static final int LEAST_ROWS = 20;

  private final Table table;
  private final double[] targets;

  private TrapSearch(Table table) {
    this.table = table;
    this.targets = table.targets();
  }

  public static List<Warning> of(Table table) {
    var search = new TrapSearch(table);
    List<Warning> warnings = new ArrayList<>();
    search.classes(warnings);
    boolean oneTarget = warnings.stream().anyMatch(w -> w.trap() == Trap.ONE_CLASS);
    Map<Integer, List<String>> byHash = new HashMap<>();
    for (Feature feature : table.schema().features()) {
      search.feature(feature, byHash, oneTarget, warnings);
    }
    return List.copyOf(warnings);
  }

  private void classes(List<Warning> warnings) {
    String label = table.schema().target().name();
    if (Arrays.stream(targets).allMatch(t -> t == targets[0])) {
      warnings.add(
          new Warning(Trap.ONE_CLASS, label, "label '" + label + "' is the same in every row"));
    }
    if (table.schema().target() instanceof Target.Classes target) {
      for (int c = 0; c < target.classes().size(); c++) {
        int wanted = c;
        long count = Arrays.stream(targets).filter(t -> (int) t == wanted).count();
        if (count < RARE) {
          String name = target.classes().get(c);
          warnings.add(new Warning(
              Trap.RARE_CLASS,
              name,
              "class '%s' has only %d rows; collect more or merge it".formatted(name, count)));
        }
      }
    }
  }

  private void feature(
      Feature feature,
      Map<Integer, List<String>> byHash,
      boolean oneTarget,
      List<Warning> warnings) {
    String name = feature.name();
    double[] values = table.column(name);
    double[] present =
        Arrays.stream(values).filter(v -> !Double.isNaN(v)).distinct().toArray();
    if (present.length <= 1) {
      warnings.add(new Warning(
          Trap.CONSTANT_FEATURE,
          name,
          "feature '" + name + "' never changes and carries nothing; leave it out"));
      return;
    }
    List<String> same = byHash.computeIfAbsent(Arrays.hashCode(values), h -> new ArrayList<>());
    for (String other : same) {
      if (Arrays.equals(table.column(other), values)) {
        warnings.add(new Warning(
            Trap.DUPLICATE_COLUMN,
            name,
            "features '%s' and '%s' have the same values; leave one out".formatted(other, name)));
        break;
      }
    }
    same.add(name);
    if (!oneTarget && table.size() >= LEAST_ROWS && decides(feature, values)) {
      warnings.add(new Warning(
          Trap.LABEL_LEAKAGE,
          name,
          "feature '%s' decides label '%s' without one error; was it recorded after the fact?"
              .formatted(name, table.schema().target().name())));
    }
  }

  private boolean decides(Feature feature, double[] values) {
    if (!(table.schema().target() instanceof Target.Classes)) {
      return rises(values) || rises(Arrays.stream(values).map(v -> -v).toArray());
    }
    return feature instanceof Feature.Categorical ? oneClassEach(values) : separates(values);
  }

  /** Is the quantity the feature itself up to scale and offset? */
  private boolean rises(double[] values) {
    int low = 0;
    int high = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        return false;
      }
      low = values[i] < values[low] ? i : low;
      high = values[i] > values[high] ? i : high;
    }
    double slope = (targets[high] - targets[low]) / (values[high] - values[low]);
    if (!(slope > 0)) {
      return false;
    }
    double tolerance = 1e-9 * Math.abs(targets[high] - targets[low]);
    int lowest = low;
    return IntStream.range(0, values.length)
        .allMatch(i -> Math.abs(targets[lowest] + slope * (values[i] - values[lowest]) - targets[i])
            <= tolerance);
  }

  /** Does every category, missing and unknown among them, hold rows of one class only? */
  private boolean oneClassEach(double[] values) {
    Map<Double, Double> classOf = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      Double known = classOf.putIfAbsent(values[i], targets[i]);
      if (known != null && known != targets[i]) {
        return false;
      }
    }
    return true;
  }

  /** Do the classes occupy one range each, without overlap? */
  private boolean separates(double[] values) {
    Integer[] order = IntStream.range(0, values.length)
        .boxed()
        .sorted((a, b) -> Double.compare(values[a], values[b]))
        .toArray(Integer[]::new);
    int changes = 0;
    for (int i = 1; i < order.length; i++) {
      double before = targets[order[i - 1]];
      double after = targets[order[i]];
      if (before != after) {
        if (values[order[i - 1]] == values[order[i]]) {
          return false;
        }
        changes++;
      }
    }
    return changes == Arrays.stream(targets).distinct().count() - 1;
  }
}
