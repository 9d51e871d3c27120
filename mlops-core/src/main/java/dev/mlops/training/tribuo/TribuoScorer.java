package dev.mlops.training.tribuo;

import dev.mlops.training.internal.Compilation;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.Pipeline;
import dev.mlops.training.internal.Scorer;
import dev.mlops.training.tribuo.compile.TribuoCompiler;
import org.tribuo.Model;

/** A fitted Tribuo model over the vector of a pipeline. Safe for use by several threads. */
sealed interface TribuoScorer extends Scorer permits ClassScorer, QuantityScorer {

  /**
   * Returns Tribuo's own model, for compiling and explaining. Its features are named by
   * {@code Pipeline.featureNames()}, so that its feature ids are positions in the vector.
   *
   * @return the model; not to be changed
   */
  Model<?> model();

  @Override
  default Compilation compile(Pipeline pipeline, FittedCalibration calibration) {
    return TribuoCompiler.compile(model(), pipeline, givesProbabilities(), calibration);
  }

  @Override
  default byte[] content() {
    return ModelProtos.bytes(new ModelProtos(KnownClasses.NAMES).cleaned(model().serialize()));
  }

  @Override
  default String describe() {
    return "Tribuo "
        + model().getClass().getSimpleName()
        + ", "
        + model().getFeatureIDMap().size()
        + " features";
  }
}
