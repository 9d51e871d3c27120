package dev.mlops.benchmarks.serving;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.regression.Regressor;

/** Tribuo's own model: an example is built from the row, as a service has to. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class TribuoPredict {
  private static final Label UNKNOWN_LABEL = new Label("?");
  private static final Regressor UNKNOWN_QUANTITY = new Regressor("y", Double.NaN);

  /** The model. */
  @Param("logistic")
  public String model;

  private Model<?> tribuo;
  private boolean classes;

  /** Loads the model. */
  @Setup
  public void setUp() {
    tribuo = ServingModels.tribuo(model);
    classes = ServingModels.classes(model) > 0;
  }

  /** One row. */
  @Benchmark
  @SuppressWarnings("unchecked")
  public Prediction<?> single(Rows rows) {
    return classes
        ? ((Model<Label>) tribuo).predict(FraudData.example(rows.next(), UNKNOWN_LABEL))
        : ((Model<Regressor>) tribuo).predict(FraudData.example(rows.next(), UNKNOWN_QUANTITY));
  }
}
