package dev.mlops.training.tribuo;

import dev.mlops.training.Trainer;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.math.optimisers.RMSProp;
import org.tribuo.math.optimisers.SGD;

/** Tribuo's optimisers by our names; its Adam is never built. */
final class Optimisers {
  private static final double ADAGRAD_EPSILON = 0.1;
  private static final double RMSPROP_DECAY = 0.9;

  private Optimisers() {}

  /**
   * Builds an optimiser.
   *
   * @param unit the size of the label; steps that are normalised by the gradient are scaled to it
   */
  static StochasticGradientOptimiser of(
      Trainer.Optimiser optimiser, double learningRate, double unit) {
    return switch (optimiser) {
      case ADAGRAD -> new AdaGrad(learningRate * unit, ADAGRAD_EPSILON * unit);
      case SGD -> SGD.getSqrtDecaySGD(learningRate);
      case RMSPROP -> new RMSProp(learningRate * unit, RMSPROP_DECAY);
      case ADAM -> throw new IllegalStateException("trainers refuse ADAM");
    };
  }
}
