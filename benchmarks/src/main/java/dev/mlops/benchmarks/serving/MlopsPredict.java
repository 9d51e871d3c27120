package dev.mlops.benchmarks.serving;

import dev.mlops.model.Predictor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The compiled form. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class MlopsPredict {
  /** The model. */
  @Param("logistic")
  public String model;

  private Predictor predictor;
  private double[] scores;
  private double[][] batchScores;

  /** Loads the model. */
  @Setup
  public void setUp() {
    predictor = ServingModels.flat(model);
    scores = new double[predictor.schema().outputs()];
    batchScores = new double[Rows.BATCH][scores.length];
  }

  /** One row. */
  @Benchmark
  public double[] single(Rows rows) {
    predictor.predict(rows.next(), scores);
    return scores;
  }

  /** A thousand rows. */
  @Benchmark
  @OperationsPerInvocation(Rows.BATCH)
  public double[][] batch(Rows rows) {
    predictor.predictAll(rows.batch, batchScores);
    return batchScores;
  }
}
