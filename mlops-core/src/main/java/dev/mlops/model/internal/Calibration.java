package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rising maps from scores to probabilities, none, one for the second of two classes, or one per
 * class whose results are divided by their sum. Immutable.
 *
 * @param maps the maps
 */
public record Calibration(List<ScoreMap> maps) {
  /** Scores stay as they are. */
  public static final Calibration NONE = new Calibration(List.of());

  /** Creates a calibration. */
  public Calibration {
    maps = List.copyOf(maps);
  }

  /** A map from a score to a probability. */
  public sealed interface ScoreMap {
    /** Applies the map. */
    double apply(double score);

    /**
     * {@code 1 / (1 + exp(a score + b))}.
     *
     * @param a the slope
     * @param b the offset
     */
    record Sigmoid(double a, double b) implements ScoreMap {
      @Override
      public double apply(double score) {
        return 1 / (1 + Math.exp(a * score + b));
      }
    }

    /**
     * A line through points, constant outside them.
     *
     * @param scores ascending, at least one
     * @param probabilities one per score
     */
    @SuppressWarnings("ArrayRecordComponent") // never handed out of internal packages
    record Points(double[] scores, double[] probabilities) implements ScoreMap {
      @Override
      public double apply(double score) {
        int at = Arrays.binarySearch(scores, score);
        if (at >= 0) {
          return probabilities[at];
        }
        int above = -at - 1;
        if (above == 0 || above == scores.length) {
          return probabilities[above == 0 ? 0 : above - 1];
        }
        double share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
        return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
      }
    }
  }

  boolean isNone() {
    return maps.isEmpty();
  }

  void apply(double[] scores) {
    if (maps.size() == 1) {
      double positive = maps.get(0).apply(scores[1]);
      scores[0] = 1 - positive;
      scores[1] = positive;
      return;
    }
    double sum = 0;
    for (int k = 0; k < scores.length; k++) {
      scores[k] = maps.get(k).apply(scores[k]);
      sum += scores[k];
    }
    for (int k = 0; k < scores.length; k++) {
      scores[k] = sum == 0 ? 1.0 / scores.length : scores[k] / sum;
    }
  }

  void write(FlatWriter out) {
    out.putInt(maps.size());
    for (ScoreMap map : maps) {
      if (map instanceof ScoreMap.Sigmoid sigmoid) {
        out.putByte(1);
        out.putDouble(sigmoid.a());
        out.putDouble(sigmoid.b());
      } else if (map instanceof ScoreMap.Points points) {
        out.putByte(2);
        out.putDoubles(points.scores());
        out.putDoubles(points.probabilities());
      }
    }
  }

  static Calibration read(FlatReader in, int outputs) {
    int count = in.getInt("calibration maps", 0, 1 << 16);
    FlatReader.require(
        count == 0 || (count == 1 && outputs == 2) || (count == outputs && outputs > 1),
        count + " calibration maps for " + outputs + " scores");
    List<ScoreMap> maps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int tag = in.getByte();
      maps.add(
          switch (tag) {
            case 1 -> new ScoreMap.Sigmoid(in.getDouble(), in.getDouble());
            case 2 -> {
              var points = new ScoreMap.Points(in.getDoubles(), in.getDoubles());
              FlatReader.require(
                  points.scores().length > 0
                      && points.scores().length == points.probabilities().length,
                  "a calibration line is incomplete");
              yield points;
            }
            default -> throw new CorruptException("flat model: unknown calibration map " + tag);
          });
    }
    return new Calibration(maps);
  }
}
