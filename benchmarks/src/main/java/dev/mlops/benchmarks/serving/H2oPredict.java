package dev.mlops.benchmarks.serving;

import biz.k11i.xgboost.Predictor;
import biz.k11i.xgboost.util.FVec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** H2O's predictor for XGBoost files, in plain Java. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class H2oPredict {
  /** The model. */
  @Param("xgboost")
  public String model;

  private Predictor predictor;
  private final float[][] scores = new float[Rows.BATCH][];

  /** Loads the model. */
  @Setup
  public void setUp() throws IOException {
    predictor = new Predictor(new ByteArrayInputStream(ServingModels.bytes(model, "xgb")));
  }

  /** One row. */
  @Benchmark
  public float[] single(Rows rows) {
    return predictor.predict(FVec.Transformer.fromArray(rows.next(), false));
  }

  /** A thousand rows. */
  @Benchmark
  @OperationsPerInvocation(Rows.BATCH)
  public float[][] batch(Rows rows) {
    for (int i = 0; i < Rows.BATCH; i++) {
      scores[i] = predictor.predict(FVec.Transformer.fromArray(rows.batch[i], false));
    }
    return scores;
  }
}
