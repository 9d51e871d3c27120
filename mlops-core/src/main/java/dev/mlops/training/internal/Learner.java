package dev.mlops.training.internal;

import dev.mlops.data.Schema;
import dev.mlops.training.Trainer;
import dev.mlops.training.TrainingListener;
import java.util.List;

/** The library that fits models; found with {@link java.util.ServiceLoader}. */
public interface Learner {

  /** Names the file format of its models. */
  String format();

  /** Fits a model. */
  Scorer fit(Trainer trainer, Problem problem, TrainingListener listener);

  /** What to learn: complete finite vectors, one target and one weight each. */
  @SuppressWarnings("ArrayRecordComponent") // working storage of one training
  record Problem(
      Schema schema,
      List<String> featureNames,
      double[][] vectors,
      double[] targets,
      double[] weights,
      long seed) {}
}
