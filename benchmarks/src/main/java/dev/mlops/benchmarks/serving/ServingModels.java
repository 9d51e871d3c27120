package dev.mlops.benchmarks.serving;

import dev.mlops.data.Schema;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.training.internal.Compilation;
import dev.mlops.training.tribuo.compile.TribuoCompiler;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.ONNXExportable;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.common.xgboost.protos.XGBoostModelProto;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/**
 * The models that are compared, trained once and kept as files in every form that a contender
 * reads: {@code .flat}, {@code .pb} (Tribuo's protobuf), {@code .ser} (Java serialisation, the
 * quicker way to get Tribuo's objects back), {@code .onnx} and {@code .xgb}.
 */
public final class ServingModels {
  private static final int ROWS = 20_000;
  private static final long SEED = 7;
  private static final int TREES = 100;

  /** Leave about 530 support vectors. */
  private static final int SVM_ROWS = 640;

  /** Training all trees of a forest takes minutes; {@link MoreTrees} makes the rest of these. */
  private static final int TRAINED_TREES = 3;

  /** Two classes, single rows and batches. */
  static final List<String> MAIN =
      List.of("forest-depth8", "forest-unlimited", "logistic", "xgboost", "svm-rbf");

  /** Other kinds, measured beside them. */
  static final List<String> BESIDE = List.of(
      "forest-4class", "xgboost-4class", "logistic-4class", "forest-quantity", "xgboost-quantity");

  private ServingModels() {}

  /** The number changes with the data or the models, so that no old file is taken for a new one. */
  static Path directory() {
    return Path.of(System.getProperty("benchmarks.out", "target"), "serving-models-3");
  }

  static int classes(String name) {
    return name.endsWith("-4class") ? 4 : name.endsWith("-quantity") ? 0 : 2;
  }

  static Path file(String name, String extension) {
    return directory().resolve(name + "." + extension);
  }

  /** Trains what is not there yet. */
  static void prepare(List<String> names) {
    Logger tribuo = Logger.getLogger("org.tribuo");
    tribuo.setLevel(Level.WARNING);
    try {
      Files.createDirectories(directory());
      // What takes longest comes first, so that the other processors do the rest meanwhile.
      List<String> order = names.stream()
          .sorted(Comparator.comparing(name -> !name.startsWith("forest-unlimited")))
          .toList();
      var next = new AtomicInteger();
      IntStream.range(0, Runtime.getRuntime().availableProcessors()).parallel().forEach(worker -> {
        for (int i = next.getAndIncrement(); i < order.size(); i = next.getAndIncrement()) {
          prepare(order.get(i));
        }
      });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes Tribuo's protobuf of a prepared model, which is large, if it is not there yet. */
  static void prepareProtobuf(String name) {
    Path protobuf = file(name, "pb");
    if (!Files.exists(protobuf)) {
      try {
        Path part = file(name, "pb.part");
        tribuo(name).serializeToFile(part);
        Files.move(part, protobuf);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void prepare(String name) {
    if (Files.exists(file(name, "done"))) {
      return;
    }
    try {
      long start = System.nanoTime();
      Model<?> model = train(name);
      Schema schema = FraudData.schema(classes(name));
      var compiled = (Compilation.Compiled) TribuoCompiler.compile(model, schema);
      Files.write(file(name, "flat"), FlatFormat.write(compiled.predictor()).content());
      try (var out = new ObjectOutputStream(Files.newOutputStream(file(name, "ser")))) {
        out.writeObject(model);
      }
      if (name.startsWith("xgboost")) {
        var proto = model.serialize().getSerializedData().unpack(XGBoostModelProto.class);
        Files.write(file(name, "xgb"), proto.getModels(0).toByteArray());
      } else if (name.startsWith("forest") && classes(name) > 0) {
        @SuppressWarnings("unchecked")
        var forest = (WeightedEnsembleModel<Label>) model;
        Files.write(file(name, "onnx"), OnnxForest.write(forest));
      } else if (!name.startsWith("forest") && model instanceof ONNXExportable exportable) {
        Files.write(file(name, "onnx"), exportable.exportONNXModel("bench", 1).toByteArray());
      }
      Files.write(file(name, "done"), new byte[0]);
      System.err.printf(
          "%s: %s, prepared in %d ms%n",
          name, compiled.predictor().describe(), (System.nanoTime() - start) / 1_000_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Model<?> train(String name) {
    int classes = classes(name);
    if (classes == 0) {
      var data = FraudData.quantities(ROWS / 20, SEED);
      Trainer<Regressor> trainer = name.startsWith("xgboost")
          ? new XGBoostRegressionTrainer(
              XGBoostRegressionTrainer.RegressionType.LINEAR, 200, 1, true)
          : new RandomForestTrainer<>(
              new CARTRegressionTrainer(8, 1, 0, 0.3f, false, new MeanSquaredError(), SEED),
              new AveragingCombiner(),
              TREES);
      return trainer.train(data);
    }
    int rows = name.startsWith("svm") ? SVM_ROWS : classes == 2 ? ROWS : ROWS / 4;
    Model<Label> model = trainer(name).train(FraudData.classes(rows, classes, SEED));
    return name.startsWith("forest") ? MoreTrees.of(model, TREES) : model;
  }

  private static Trainer<Label> trainer(String name) {
    return switch (name.replaceFirst("-4class", "")) {
      case "forest-depth8", "forest" -> forest(8);
      case "forest-unlimited" -> forest(Integer.MAX_VALUE);
      case "logistic" -> new LogisticRegressionTrainer();
      case "xgboost" ->
        new XGBoostClassificationTrainer(100, 0.3, 0, 6, 1, 1, 1, 1, 0, 1, true, SEED);
      case "svm-rbf" -> {
        var parameters = new SVMParameters<>(
            new SVMClassificationType(SVMClassificationType.SVMMode.C_SVC), KernelType.RBF);
        parameters.setGamma(0.03);
        parameters.setCost(1);
        parameters.setProbability();
        yield new LibSVMClassificationTrainer(parameters, SEED);
      }
      default -> throw new IllegalArgumentException("no model '" + name + "'");
    };
  }

  private static Trainer<Label> forest(int depth) {
    var cart = new CARTClassificationTrainer(depth, 1, 0, 0.2f, false, new GiniIndex(), SEED);
    return new RandomForestTrainer<>(cart, new FullyWeightedVotingCombiner(), TRAINED_TREES);
  }

  static byte[] bytes(String name, String extension) {
    try {
      return Files.readAllBytes(file(name, extension));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Predictor flat(String name) {
    return new FlatFormat().read(bytes(name, "flat"), FraudData.schema(classes(name)));
  }

  /** Tribuo's objects, read back the quick way. */
  static Model<?> tribuo(String name) {
    try (var in = new ObjectInputStream(Files.newInputStream(file(name, "ser")))) {
      return (Model<?>) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }
}
