package dev.mlops.benchmarks.serving;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * XGBoost's own JVM package. {@code Booster.predict} of a {@code DMatrix} is the only call that it
 * offers, for one row as for a thousand.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class XgboostPredict {
  /** The model. */
  @Param("xgboost")
  public String model;

  /** Native threads: 0 for what a loaded model uses by itself, which is one per processor. */
  @Param("1")
  public int threads;

  private Booster booster;
  private final float[] one = new float[FraudData.FEATURES];
  private final float[] many = new float[FraudData.FEATURES * Rows.BATCH];

  /** Loads the model. */
  @Setup
  public void setUp() throws XGBoostError, IOException {
    booster = XGBoost.loadModel(new ByteArrayInputStream(ServingModels.bytes(model, "xgb")));
    if (threads > 0) {
      booster.setParam("nthread", threads);
    }
  }

  /** One row. */
  @Benchmark
  public float[][] single(Rows rows) throws XGBoostError {
    double[] row = rows.next();
    for (int i = 0; i < one.length; i++) {
      one[i] = (float) row[i];
    }
    return predict(one, 1);
  }

  /** A thousand rows. */
  @Benchmark
  @OperationsPerInvocation(Rows.BATCH)
  public float[][] batch(Rows rows) throws XGBoostError {
    int at = 0;
    for (double[] row : rows.batch) {
      for (double value : row) {
        many[at++] = (float) value;
      }
    }
    return predict(many, Rows.BATCH);
  }

  private float[][] predict(float[] values, int count) throws XGBoostError {
    var matrix = new DMatrix(values, count, FraudData.FEATURES, Float.NaN);
    try {
      return booster.predict(matrix);
    } finally {
      matrix.dispose();
    }
  }
}
