package dev.mlops.training;

import dev.mlops.data.Split;
import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.evaluation.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** How a recipe does with fewer rows: whether more data or another model would help. */
public final class LearningCurve {
  private LearningCurve() {}

  /**
   * A point of the curve.
   *
   * @param rows how many rows were trained on
   * @param train the metrics on these rows
   * @param test the metrics on the rows held back
   */
  public record Point(int rows, Evaluation train, Evaluation test) {}

  /**
   * Trains on growing parts of the training rows and judges each on all rows held back.
   *
   * @param recipe the recipe
   * @param split the rows
   * @param shares the parts of the training rows, greater than 0 and at most 1
   * @param seed the seed of the choice of rows
   * @return one point per share
   * @throws InvalidInputException if a share is not in its range, before anything is trained
   */
  public static List<Point> of(Recipe recipe, Split split, double[] shares, long seed) {
    for (double share : shares) {
      if (!(share > 0 && share <= 1)) {
        throw new InvalidInputException(
            "a share must be greater than 0 and at most 1, got " + share);
      }
    }
    List<Point> points = new ArrayList<>();
    for (double share : shares) {
      Table part = share == 1 ? split.train() : split.train().split(share, seed).train();
      TrainedModel model = recipe.train(part);
      points.add(new Point(
          part.size(),
          Evaluation.of(model.predictor(), part),
          Evaluation.of(model.predictor(), split.test())));
    }
    return List.copyOf(points);
  }
}
