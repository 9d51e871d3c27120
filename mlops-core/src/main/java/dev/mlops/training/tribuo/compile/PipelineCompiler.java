package dev.mlops.training.tribuo.compile;

import dev.mlops.model.internal.Calibration;
import dev.mlops.model.internal.ColumnStep;
import dev.mlops.model.internal.RowProgram;
import dev.mlops.training.internal.FittedCalibration;
import dev.mlops.training.internal.FittedTransform;
import dev.mlops.training.internal.Pipeline;
import java.util.ArrayList;
import java.util.List;

/** Unrolls a pipeline: what happens to each element of the vector on its way from the row. */
final class PipelineCompiler {
  private PipelineCompiler() {}

  static RowProgram program(Pipeline pipeline) {
    List<RowProgram.Column> columns =
        RowProgram.identity(pipeline.schema().width()).columns();
    for (FittedTransform transform : pipeline.steps()) {
      columns = after(columns, transform);
    }
    return new RowProgram(pipeline.schema().width(), columns);
  }

  private static List<RowProgram.Column> after(
      List<RowProgram.Column> before, FittedTransform transform) {
    List<RowProgram.Column> after = new ArrayList<>();
    if (transform instanceof FittedTransform.Fill fill) {
      for (int j = 0; j < before.size(); j++) {
        double value = fill.values()[j];
        after.add(
            Double.isNaN(value) ? before.get(j) : and(before.get(j), new ColumnStep.Fill(value)));
      }
    } else if (transform instanceof FittedTransform.Indicate indicate) {
      after.addAll(before);
      for (int source : indicate.sources()) {
        after.add(and(before.get(source), new ColumnStep.IsMissing()));
      }
    } else if (transform instanceof FittedTransform.Scale scale) {
      for (int j = 0; j < before.size(); j++) {
        boolean same = scale.shift()[j] == 0 && scale.scale()[j] == 1;
        after.add(
            same
                ? before.get(j)
                : and(
                    before.get(j), new ColumnStep.Scale(scale.shift()[j], scale.scale()[j])));
      }
    } else if (transform instanceof FittedTransform.Expand expand) {
      for (int j = 0; j < before.size(); j++) {
        if (expand.widths()[j] == 0) {
          after.add(before.get(j));
        }
        for (int c = 0; c < expand.widths()[j]; c++) {
          after.add(and(before.get(j), new ColumnStep.Is(c)));
        }
      }
    } else if (transform instanceof FittedTransform.Recode) {
      after.addAll(before);
    } else if (transform instanceof FittedTransform.Cut cut) {
      for (int j = 0; j < before.size(); j++) {
        after.add(
            cut.binned()[j]
                ? and(before.get(j), new ColumnStep.Bin(cut.edges().get(j)))
                : before.get(j));
      }
    }
    return after;
  }

  private static RowProgram.Column and(RowProgram.Column column, ColumnStep step) {
    List<ColumnStep> steps = new ArrayList<>(column.steps());
    steps.add(step);
    return new RowProgram.Column(column.source(), steps);
  }

  static Calibration calibration(FittedCalibration calibration) {
    return new Calibration(
        calibration.maps().stream().map(PipelineCompiler::map).toList());
  }

  private static Calibration.ScoreMap map(FittedCalibration.ScoreMap map) {
    if (map instanceof FittedCalibration.ScoreMap.Sigmoid sigmoid) {
      return new Calibration.ScoreMap.Sigmoid(sigmoid.a(), sigmoid.b());
    }
    var points = (FittedCalibration.ScoreMap.Points) map;
    return new Calibration.ScoreMap.Points(points.scores(), points.probabilities());
  }
}
