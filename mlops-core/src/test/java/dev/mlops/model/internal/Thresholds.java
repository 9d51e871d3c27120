package dev.mlops.model.internal;

import java.util.ArrayList;
import java.util.List;

/** Reads back where a compiled model changes its mind, for rows that hit it exactly. */
public final class Thresholds {
  private Thresholds() {}

  public static List<Double> of(CompiledPredictor predictor) {
    List<Double> thresholds = new ArrayList<>();
    collect(predictor.kernel(), thresholds);
    return thresholds;
  }

  private static void collect(Kernel kernel, List<Double> into) {
    if (kernel instanceof ForestKernel forest) {
      for (double threshold : forest.collect().thresholds()) {
        into.add(threshold);
      }
    } else if (kernel instanceof EnsembleKernel ensemble) {
      ensemble.members().forEach(member -> collect(member, into));
    }
  }
}
