package dev.mlops.training.tribuo;

import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.training.Trainer;
import dev.mlops.training.TrainingListener;
import dev.mlops.training.internal.Learner;
import dev.mlops.training.internal.Scorer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Fits models with Tribuo. Safe for use by several threads. */
public final class TribuoLearner implements Learner {
  /** Held here because loggers are otherwise collected, and their levels with them. */
  private static final Logger TRIBUO_LOG = Logger.getLogger("org.tribuo");

  static {
    // Tribuo tells of every tree at INFO; a level that the host has set stays
    if (TRIBUO_LOG.getLevel() == null) {
      TRIBUO_LOG.setLevel(Level.WARNING);
    }
  }

  /** Creates the learner; for {@link java.util.ServiceLoader}. */
  public TribuoLearner() {}

  @Override
  public String format() {
    return TribuoFormat.NAME;
  }

  @Override
  public Scorer fit(Trainer trainer, Problem problem, TrainingListener listener) {
    try {
      return problem.schema().target() instanceof Target.Classes classes
          ? ClassLearning.fit(trainer, problem, classes, listener)
          : QuantityLearning.fit(trainer, problem, listener);
    } catch (NoClassDefFoundError e) {
      boolean classes = problem.schema().target() instanceof Target.Classes;
      throw new UnavailableException(
          "%s needs the optional dependency org.tribuo:tribuo-%s-xgboost:4.3.2, which is not on the class path"
              .formatted(
                  trainer.getClass().getSimpleName(), classes ? "classification" : "regression"),
          e);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(trainer + " was refused: " + e.getMessage(), e);
    }
  }
}
