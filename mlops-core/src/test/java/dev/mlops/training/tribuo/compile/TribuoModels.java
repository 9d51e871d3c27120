package dev.mlops.training.tribuo.compile;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Prediction;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/** Small data sets, Tribuo models trained on them, and Tribuo's own answers. */
final class TribuoModels {
  private TribuoModels() {}

  /** Features out of alphabetical order, so that Tribuo's numbering differs from the schema's. */
  static Schema schema(int features, int classes) {
    List<Feature> columns = new ArrayList<>();
    for (int i = 0; i < features; i++) {
      columns.add(new Feature.Numeric((i % 2 == 0 ? "z" : "a") + i));
    }
    if (classes == 0) {
      return new Schema(columns, new Target.Quantity("y"));
    }
    List<String> names = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      names.add((k % 2 == 0 ? "no" : "k") + k);
    }
    return new Schema(columns, new Target.Classes("y", names));
  }

  static double[][] rows(int count, int features, Random random) {
    double[][] rows = new double[count][features];
    for (double[] row : rows) {
      for (int i = 0; i < features; i++) {
        row[i] = switch (i % 4) {
          case 0 -> random.nextGaussian();
          case 1 -> Math.exp(random.nextGaussian());
          case 2 -> random.nextInt(4) - 1;
          default -> random.nextDouble() * 10 - 5;
        };
      }
    }
    return rows;
  }

  static double target(double[] row) {
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      sum += Math.sin(row[i] * (i + 1)) * (i % 3 == 0 ? 2 : 1);
    }
    return sum;
  }

  static <T extends Output<T>> Example<T> example(Schema schema, double[] row, T output) {
    var example = new ArrayExample<>(output);
    for (int i = 0; i < row.length; i++) {
      if (!Double.isNaN(row[i])) {
        example.add(new org.tribuo.Feature(schema.features().get(i).name(), row[i]));
      }
    }
    return example;
  }

  static Model<Label> classes(Trainer<Label> trainer, Schema schema, int count, long seed) {
    var factory = new LabelFactory();
    MutableDataset<Label> data = data(factory);
    var random = new Random(seed);
    List<String> names = ((Target.Classes) schema.target()).classes();
    for (double[] row : rows(count, schema.width(), random)) {
      double noisy = target(row) + random.nextGaussian() * 0.5;
      int k = Math.min(names.size() - 1, (int) (names.size() / (1 + Math.exp(-noisy))));
      data.add(example(schema, row, new Label(names.get(k))));
    }
    return trainer.train(data);
  }

  static Model<Regressor> quantity(
      Trainer<Regressor> trainer, Schema schema, int count, long seed) {
    MutableDataset<Regressor> data = data(new RegressionFactory());
    var random = new Random(seed);
    for (double[] row : rows(count, schema.width(), random)) {
      double positive = Math.exp((target(row) + random.nextGaussian() * 0.5) / 3);
      data.add(example(schema, row, new Regressor("y", positive)));
    }
    return trainer.train(data);
  }

  private static <T extends Output<T>> MutableDataset<T> data(OutputFactory<T> factory) {
    return new MutableDataset<>(new SimpleDataSourceProvenance("test", factory), factory);
  }

  /** What Tribuo says, in the order of the schema's classes. */
  static double[] scores(Prediction<?> prediction, Schema schema) {
    double[] scores = new double[schema.outputs()];
    if (schema.target() instanceof Target.Classes classes) {
      for (int k = 0; k < scores.length; k++) {
        Output<?> label = prediction.getOutputScores().get(classes.classes().get(k));
        scores[k] = label == null ? 0 : ((Label) label).getScore();
      }
    } else {
      scores[0] = ((Regressor) prediction.getOutput()).getValues()[0];
    }
    return scores;
  }
}
