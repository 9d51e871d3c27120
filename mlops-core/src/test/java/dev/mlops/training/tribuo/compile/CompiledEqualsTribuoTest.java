package dev.mlops.training.tribuo.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.model.internal.Thresholds;
import dev.mlops.training.internal.Compilation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.ensemble.AdaBoostTrainer;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.classification.liblinear.LibLinearClassificationTrainer;
import org.tribuo.classification.liblinear.LinearClassificationType;
import org.tribuo.classification.libsvm.LibSVMClassificationTrainer;
import org.tribuo.classification.libsvm.SVMClassificationType;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.classification.sgd.objectives.Hinge;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.common.libsvm.KernelType;
import org.tribuo.common.libsvm.SVMParameters;
import org.tribuo.common.tree.ExtraTreesTrainer;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.ensemble.BaggingTrainer;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.liblinear.LibLinearRegressionTrainer;
import org.tribuo.regression.liblinear.LinearRegressionType;
import org.tribuo.regression.libsvm.LibSVMRegressionTrainer;
import org.tribuo.regression.libsvm.SVMRegressionType;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.sgd.objectives.SquaredLoss;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;

/** Every kind of model says after compiling, writing and reading exactly what Tribuo says. */
@Tag("slow")
class CompiledEqualsTribuoTest {
  private static final int ROWS = 10_000;
  private static final int FEATURES = 9;
  private static final long SEED = 20261121;

  /** XGBoost's links are native float code; margins are bit-equal, so two units are ample. */
  private static final int XGBOOST_FLOAT_ULPS = 2;

  private static final double[] NOTHING_PRESENT = {};

  /** Sums of infinities: members of a bag answer NaN, and Tribuo fails to vote on that. */
  private static final double[] TRIBUO_FAILS = {};

  static Stream<Arguments> kinds() {
    List<Arguments> kinds = new ArrayList<>();
    for (int classes : new int[] {2, 4}) {
      kinds.add(kind("cart", classes, () -> new CARTClassificationTrainer(6)));
      kinds.add(kind(
          "forest, votes",
          classes,
          () -> new RandomForestTrainer<>(cart(0), new VotingCombiner(), 30)));
      kinds.add(kind(
          "forest, shares",
          classes,
          () -> new RandomForestTrainer<>(cart(7), new FullyWeightedVotingCombiner(), 21)));
      kinds.add(kind(
          "extra trees",
          classes,
          () -> new ExtraTreesTrainer<>(randomCart(), new FullyWeightedVotingCombiner(), 13)));
      kinds.add(kind(
          "bagged trees",
          classes,
          () -> new BaggingTrainer<>(new CARTClassificationTrainer(5), new VotingCombiner(), 11)));
      kinds.add(kind(
          "bagged logistic, votes",
          classes,
          () -> new BaggingTrainer<>(new LogisticRegressionTrainer(), new VotingCombiner(), 5)));
      kinds.add(kind(
          "bagged logistic, shares",
          classes,
          () -> new BaggingTrainer<>(
              new LogisticRegressionTrainer(), new FullyWeightedVotingCombiner(), 5)));
      kinds.add(kind(
          "adaboost",
          classes,
          () -> new AdaBoostTrainer(new CARTClassificationTrainer(3, 1e-4f, 1), 17)));
      kinds.add(kind("xgboost", classes, () -> new XGBoostClassificationTrainer(20)));
      kinds.add(kind("logistic", classes, LogisticRegressionTrainer::new));
      kinds.add(kind(
          "linear, hinge",
          classes,
          () -> new LinearSGDTrainer(new Hinge(), new AdaGrad(0.1), 3, Trainer.DEFAULT_SEED)));
      for (var type : LinearClassificationType.LinearType.values()) {
        if (!type.name().contains("ONE_CLASS")) {
          kinds.add(kind(
              "liblinear " + type,
              classes,
              () -> new LibLinearClassificationTrainer(
                  new LinearClassificationType(type), 1, 100, 0.1)));
        }
      }
      for (KernelType kernel : KernelType.values()) {
        for (boolean probability : new boolean[] {true, false}) {
          kinds.add(kind(
              "libsvm " + kernel + (probability ? ", probabilities" : ", votes"),
              classes,
              () -> new LibSVMClassificationTrainer(svm(
                  new SVMClassificationType(SVMClassificationType.SVMMode.C_SVC),
                  kernel,
                  probability))));
        }
      }
    }
    kinds.add(kind("regression tree", 0, () -> new CARTRegressionTrainer(6)));
    kinds.add(kind(
        "regression forest",
        0,
        () -> new RandomForestTrainer<>(
            new CARTRegressionTrainer(
                Integer.MAX_VALUE, 1, 0, 0.5f, false, new MeanSquaredError(), Trainer.DEFAULT_SEED),
            new AveragingCombiner(),
            30)));
    kinds.add(
        kind("bagged linear", 0, () -> new BaggingTrainer<>(linear(), new AveragingCombiner(), 5)));
    kinds.add(kind(
        "xgboost",
        0,
        () -> new XGBoostRegressionTrainer(
            XGBoostRegressionTrainer.RegressionType.LINEAR, 20, 1, false)));
    kinds.add(kind(
        "xgboost gamma",
        0,
        () -> new XGBoostRegressionTrainer(
            XGBoostRegressionTrainer.RegressionType.TWEEDIE, 20, 1, false)));
    kinds.add(kind("linear", 0, CompiledEqualsTribuoTest::linear));
    for (var type : LinearRegressionType.LinearType.values()) {
      kinds.add(kind(
          "liblinear " + type,
          0,
          () -> new LibLinearRegressionTrainer(new LinearRegressionType(type))));
    }
    for (boolean standardised : new boolean[] {true, false}) {
      for (KernelType kernel : List.of(KernelType.LINEAR, KernelType.RBF)) {
        kinds.add(kind(
            "libsvm " + kernel + " " + standardised,
            0,
            () -> new LibSVMRegressionTrainer(
                svm(new SVMRegressionType(SVMRegressionType.SVMMode.EPSILON_SVR), kernel, false),
                standardised)));
      }
    }
    return kinds.stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void predict_compiledWrittenAndRead_equalsTribuo(int classes, TrainerSource source) {
    Schema schema = TribuoModels.schema(FEATURES, classes);
    Model<?> model = source.train(schema);
    Compilation compilation = TribuoCompiler.compile(model, schema);
    assertThat(compilation).isInstanceOf(Compilation.Compiled.class);
    CompiledPredictor compiled = ((Compilation.Compiled) compilation).predictor();
    ModelFile file = FlatFormat.write(compiled);
    Predictor read = new FlatFormat().read(file.content(), schema);
    boolean exact = !model.getClass().getSimpleName().startsWith("XGBoost");
    double[][] rows = adversarial(compiled, schema, exact);

    List<double[]> expected = predictAll(model, schema, rows);

    assertThat(read.givesProbabilities()).isEqualTo(model.generatesProbabilities());
    assertThat(FlatFormat.write((CompiledPredictor) read)).isEqualTo(file);
    assertThat(expected).filteredOn(scores -> scores == TRIBUO_FAILS).hasSizeLessThan(ROWS / 5);
    double[] actual = new double[schema.outputs()];
    for (int i = 0; i < rows.length; i++) {
      double[] row = rows[i];
      double[] wanted = expected.get(i);
      if (wanted == TRIBUO_FAILS) {
        continue;
      }
      if (wanted == NOTHING_PRESENT) {
        assertThatThrownBy(() -> read.predict(row)).isInstanceOf(InvalidInputException.class);
        continue;
      }
      read.predict(row, actual);
      for (int k = 0; k < actual.length; k++) {
        boolean same = exact
            ? Double.compare(actual[k], wanted[k]) == 0
            : Double.compare(actual[k], wanted[k]) == 0
                || Math.abs(actual[k] - wanted[k])
                    <= XGBOOST_FLOAT_ULPS * Math.ulp((float) wanted[k]);
        assertThat(same)
            .as(
                "row %d %s: score %d is %s, Tribuo says %s (seed %d)",
                i, Arrays.toString(row), k, actual[k], wanted[k], SEED)
            .isTrue();
      }
    }
  }

  /** Ordinary rows, then rows of exact thresholds, zeros of both signs, extremes and gaps. */
  private static double[][] adversarial(
      CompiledPredictor compiled, Schema schema, boolean beyondFloat) {
    var random = new Random(SEED);
    double[][] rows = TribuoModels.rows(ROWS, schema.width(), random);
    List<Double> special = new ArrayList<>(List.of(
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        (double) Float.MIN_VALUE,
        (double) Float.MAX_VALUE));
    if (beyondFloat) { // XGBoost refuses these
      special.addAll(List.of(1e300, -1e300, 3.5e38));
    }
    List<Double> infinite = List.of(
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MAX_VALUE, -Double.MAX_VALUE);
    List<Double> thresholds = Thresholds.of(compiled);
    for (int i = ROWS / 4; i < ROWS; i++) {
      for (int f = 0; f < schema.width(); f++) {
        int draw = random.nextInt(8);
        if (draw < 2 && !thresholds.isEmpty()) {
          double at = thresholds.get(random.nextInt(thresholds.size()));
          rows[i][f] = random.nextInt(3) == 0 ? Math.nextUp(at) : at;
        } else if (draw == 2) {
          rows[i][f] = special.get(random.nextInt(special.size()));
        } else if (draw == 3 && i % 3 == 0 && beyondFloat) {
          rows[i][f] = infinite.get(random.nextInt(infinite.size()));
        } else if (draw == 4 && i % 2 == 0) {
          rows[i][f] = Double.NaN;
        }
      }
    }
    Arrays.fill(rows[0], Double.NaN);
    return rows;
  }

  /** Tribuo's answers; an empty array where it refuses because nothing is present. */
  private static List<double[]> predictAll(Model<?> model, Schema schema, double[][] rows) {
    return schema.target() instanceof Target.Classes
        ? predict(cast(model), schema, rows, new LabelFactory().getUnknownOutput())
        : predict(cast(model), schema, rows, new RegressionFactory().getUnknownOutput());
  }

  private static <T extends Output<T>> List<double[]> predict(
      Model<T> model, Schema schema, double[][] rows, T unknown) {
    boolean inBatch = model.getClass().getSimpleName().startsWith("XGBoost");
    List<double[]> scores = new ArrayList<>();
    List<Example<T>> examples = new ArrayList<>();
    for (double[] row : rows) {
      if (Arrays.stream(row).allMatch(Double::isNaN)) {
        scores.add(NOTHING_PRESENT);
      } else if (inBatch) {
        examples.add(TribuoModels.example(schema, row, unknown));
      } else {
        scores.add(predictOne(model, schema, TribuoModels.example(schema, row, unknown)));
      }
    }
    if (inBatch) { // a native call per row is slow
      model.predict(examples).forEach(p -> scores.add(TribuoModels.scores(p, schema)));
    }
    return scores;
  }

  private static <T extends Output<T>> double[] predictOne(
      Model<T> model, Schema schema, Example<T> example) {
    try {
      return TribuoModels.scores(model.predict(example), schema);
    } catch (NullPointerException e) {
      return TRIBUO_FAILS;
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Output<T>> Model<T> cast(Model<?> model) {
    return (Model<T>) model;
  }

  private static CARTClassificationTrainer cart(int depth) {
    return new CARTClassificationTrainer(
        depth == 0 ? Integer.MAX_VALUE : depth,
        1,
        0,
        0.5f,
        false,
        new org.tribuo.classification.dtree.impurity.GiniIndex(),
        Trainer.DEFAULT_SEED);
  }

  private static CARTClassificationTrainer randomCart() {
    return new CARTClassificationTrainer(
        10,
        1,
        0,
        0.5f,
        true,
        new org.tribuo.classification.dtree.impurity.GiniIndex(),
        Trainer.DEFAULT_SEED);
  }

  private static Trainer<Regressor> linear() {
    return new org.tribuo.regression.sgd.linear.LinearSGDTrainer(
        new SquaredLoss(), new AdaGrad(0.1), 3, Trainer.DEFAULT_SEED);
  }

  private static <T extends Output<T>> SVMParameters<T> svm(
      org.tribuo.common.libsvm.SVMType<T> type, KernelType kernel, boolean probability) {
    var parameters = new SVMParameters<>(type, kernel);
    parameters.setGamma(0.1);
    parameters.setCoeff(0.5);
    parameters.setDegree(3);
    parameters.setEpsilon(0.1);
    parameters.setCost(0.5);
    if (probability) {
      parameters.setProbability();
    }
    return parameters;
  }

  /** Trains a model of one kind. */
  interface TrainerSource {
    Model<?> train(Schema schema);
  }

  private interface Supplier<T> {
    T get();
  }

  private static Arguments kind(String name, int classes, Supplier<? extends Trainer<?>> trainer) {
    TrainerSource source = schema -> {
      @SuppressWarnings("unchecked")
      Model<?> model = classes == 0
          ? TribuoModels.quantity((Trainer<Regressor>) trainer.get(), schema, 300, SEED)
          : TribuoModels.classes((Trainer<Label>) trainer.get(), schema, 300, SEED);
      return model;
    };
    return argumentSet(
        classes == 0 ? name + ", quantity" : name + ", " + classes + " classes", classes, source);
  }
}
