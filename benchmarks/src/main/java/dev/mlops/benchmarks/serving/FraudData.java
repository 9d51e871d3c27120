package dev.mlops.benchmarks.serving;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tribuo.Example;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/**
 * Synthetic payments: 30 numbers, noisy labels that need many splits to learn. Columns are named
 * and ordered as in the public table of credit card frauds, which is not the order of their names:
 * a library that keeps features sorted by name has to sort each row, as it has to in a service.
 */
final class FraudData {
  static final int FEATURES = 30;
  private static final String[] NAMES = names();

  private FraudData() {}

  private static String[] names() {
    String[] names = new String[FEATURES];
    names[0] = "Time";
    for (int i = 1; i < FEATURES - 1; i++) {
      names[i] = "V" + i;
    }
    names[FEATURES - 1] = "Amount";
    return names;
  }

  /** The schema; 0 classes means a quantity. */
  static Schema schema(int classes) {
    List<Feature> features = new ArrayList<>();
    for (String name : NAMES) {
      features.add(new Feature.Numeric(name));
    }
    if (classes == 0) {
      return new Schema(features, new Target.Quantity("y"));
    }
    List<String> names = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      names.add("class" + k);
    }
    return new Schema(features, new Target.Classes("y", names));
  }

  static double[][] rows(int count, long seed) {
    var random = new Random(seed);
    double[][] rows = new double[count][FEATURES];
    for (double[] row : rows) {
      for (int i = 0; i < FEATURES; i++) {
        row[i] = isAmount(i) ? Math.exp(random.nextGaussian()) : random.nextGaussian();
      }
    }
    return rows;
  }

  /** Tells which features are log-normal; the others are normal. */
  static boolean isAmount(int feature) {
    return feature % 3 == 0;
  }

  private static double signal(double[] row) {
    double sum = -0.5;
    for (int i = 0; i < 12; i++) {
      sum += Math.sin(1.3 * row[i]) * (i % 2 == 0 ? 0.8 : -0.6) + 0.1 * row[i] * row[(i + 7) % 12];
    }
    return sum;
  }

  static MutableDataset<Label> classes(int count, int classes, long seed) {
    var factory = new LabelFactory();
    var data = new MutableDataset<Label>(new SimpleDataSourceProvenance("fraud", factory), factory);
    var random = new Random(seed);
    for (double[] row : rows(count, seed)) {
      double p = 1 / (1 + Math.exp(-1.5 * (signal(row) + random.nextGaussian())));
      data.add(example(row, new Label("class" + Math.min(classes - 1, (int) (p * classes)))));
    }
    return data;
  }

  static MutableDataset<Regressor> quantities(int count, long seed) {
    var factory = new RegressionFactory();
    var data =
        new MutableDataset<Regressor>(new SimpleDataSourceProvenance("fraud", factory), factory);
    var random = new Random(seed);
    for (double[] row : rows(count, seed)) {
      data.add(example(row, new Regressor("y", signal(row) + random.nextGaussian())));
    }
    return data;
  }

  static <T extends Output<T>> Example<T> example(double[] row, T output) {
    return new ArrayExample<>(output, NAMES, row);
  }
}
