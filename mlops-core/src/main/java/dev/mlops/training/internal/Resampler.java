package dev.mlops.training.internal;

import dev.mlops.data.Feature;
import dev.mlops.data.Target;
import dev.mlops.data.internal.Shuffle;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs a sampler on training rows; the original rows come first and in order, new ones follow. */
public final class Resampler {
  private final Frame frame;
  private final List<String> classes;
  private final int[][] rowsOf;

  private Resampler(Frame frame, Target.Classes target) {
    this.frame = frame;
    this.classes = target.classes();
    this.rowsOf = IntStream.range(0, classes.size())
        .mapToObj(c -> IntStream.range(0, frame.targets().length)
            .filter(i -> (int) frame.targets()[i] == c)
            .toArray())
        .toArray(int[][]::new);
  }

  public static Frame resample(Sampler sampler, Frame frame, Target target) {
    if (!(target instanceof Target.Classes classTarget)) {
      throw new InvalidInputException(
          sampler + " evens out classes, but label '" + target.name() + "' is a quantity");
    }
    var resampler = new Resampler(frame, classTarget);
    Random random = Shuffle.random(sampler.seed());
    if (sampler instanceof Sampler.Smote smote) {
      frame.columns().stream()
          .filter(Feature.Categorical.class::isInstance)
          .findFirst()
          .ifPresent(column -> {
            throw new InvalidInputException("SMOTE needs numbers, column '"
                + column.name()
                + "' is categorical; put oneHot() before it or use smoteNc()");
          });
      return resampler.synthetic(smote.k(), random);
    } else if (sampler instanceof Sampler.SmoteNc smoteNc) {
      return resampler.synthetic(smoteNc.k(), random);
    } else if (sampler instanceof Sampler.Oversample) {
      return resampler.oversample(random);
    } else if (sampler instanceof Sampler.Undersample) {
      return resampler.undersample(random);
    }
    throw new IllegalStateException("no sampler for " + sampler);
  }

  private int largest() {
    return Arrays.stream(rowsOf).mapToInt(rows -> rows.length).max().orElse(0);
  }

  private Frame synthetic(int k, Random random) {
    int wanted = largest();
    return grown(c -> {
      int missing = wanted - rowsOf[c].length;
      if (missing == 0 || rowsOf[c].length == 0) {
        return List.of();
      }
      List<double[]> rows =
          Arrays.stream(rowsOf[c]).mapToObj(i -> frame.rows()[i]).toList();
      return SmoteSampler.of(rows, frame.columns(), k, classes.get(c)).draw(missing, random);
    });
  }

  private Frame oversample(Random random) {
    int wanted = largest();
    return grown(c -> {
      List<double[]> repeated = new ArrayList<>();
      for (int i = rowsOf[c].length; i < wanted && rowsOf[c].length > 0; i++) {
        repeated.add(frame.rows()[rowsOf[c][random.nextInt(rowsOf[c].length)]]);
      }
      return repeated;
    });
  }

  private Frame grown(Function<Integer, List<double[]>> extra) {
    List<double[]> rows = new ArrayList<>(Arrays.asList(frame.rows()));
    List<Double> targets = new ArrayList<>();
    for (int c = 0; c < classes.size(); c++) {
      List<double[]> more = extra.apply(c);
      rows.addAll(more);
      for (int i = 0; i < more.size(); i++) {
        targets.add((double) c);
      }
    }
    double[] all = Arrays.copyOf(frame.targets(), rows.size());
    for (int i = 0; i < targets.size(); i++) {
      all[frame.targets().length + i] = targets.get(i);
    }
    return new Frame(frame.columns(), rows.toArray(double[][]::new), all);
  }

  private Frame undersample(Random random) {
    int wanted =
        Arrays.stream(rowsOf).mapToInt(r -> r.length).filter(n -> n > 0).min().orElse(0);
    boolean[] taken = new boolean[frame.targets().length];
    for (int[] rows : rowsOf) {
      int[] shuffled = rows.clone();
      Shuffle.inPlace(shuffled, random);
      for (int i = 0; i < Math.min(wanted, shuffled.length); i++) {
        taken[shuffled[i]] = true;
      }
    }
    int[] left = IntStream.range(0, taken.length).filter(i -> taken[i]).toArray();
    return new Frame(
        frame.columns(),
        Arrays.stream(left).mapToObj(i -> frame.rows()[i]).toArray(double[][]::new),
        Arrays.stream(left).mapToDouble(i -> frame.targets()[i]).toArray());
  }
}
