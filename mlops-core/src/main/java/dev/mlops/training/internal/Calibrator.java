package dev.mlops.training.internal;

import dev.mlops.data.Fold;
import dev.mlops.data.Folds;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import dev.mlops.training.Calibration;
import dev.mlops.training.internal.FittedCalibration.ScoreMap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Fits calibration maps on scores of held-back rows. */
public final class Calibrator {
  private Calibrator() {}

  public static FittedCalibration fit(
      Calibration calibration, Table table, long seed, Function<Table, PipelinePredictor> fit) {
    if (calibration.method() == Calibration.Method.NONE) {
      return FittedCalibration.NONE;
    }
    if (!(table.schema().target() instanceof Target.Classes)) {
      throw new InvalidInputException("calibration needs classes, label '"
          + table.schema().target().name()
          + "' is a quantity");
    }
    int classes = table.schema().outputs();
    double[][] heldBack = new double[classes][table.size()];
    double[] scores = new double[classes];
    for (Fold fold : Folds.stratified(calibration.folds(), seed).of(table)) {
      try (Predictor predictor = fit.apply(table.select(fold.train()))) {
        for (int row : fold.test()) {
          predictor.predict(table.row(row), scores);
          for (int c = 0; c < classes; c++) {
            heldBack[c][row] = scores[c];
          }
        }
      }
    }
    List<ScoreMap> maps = new ArrayList<>();
    for (int c = classes == 2 ? 1 : 0; c < classes; c++) {
      boolean[] positive = new boolean[table.size()];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = (int) table.target(i) == c;
      }
      maps.add(
          calibration.method() == Calibration.Method.PLATT
              ? Platt.fit(heldBack[c], positive)
              : Isotonic.fit(heldBack[c], positive));
    }
    return new FittedCalibration(maps);
  }
}
