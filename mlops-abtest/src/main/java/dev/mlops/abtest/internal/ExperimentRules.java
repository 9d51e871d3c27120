package dev.mlops.abtest.internal;

import java.util.Map;

/** The rules that tie the parts of an experiment together. */
public final class ExperimentRules {
  private ExperimentRules() {}

  public static void check(
      String key,
      String control,
      Map<String, Integer> weights,
      Map<String, String> overrides,
      int epoch,
      Map<Integer, Map<String, Integer>> history) {
    String experiment = "experiment '" + key + "': ";
    if (control.isEmpty()) {
      throw Checks.invalid(experiment + "needs a control; variants are " + weights.keySet());
    }
    if (weights.size() < 2) {
      throw Checks.invalid(experiment + "needs a control and at least one variant, got " + weights);
    }
    long total = weights.values().stream().mapToLong(Integer::longValue).sum();
    if (total < 1 || total > Integer.MAX_VALUE) {
      throw Checks.invalid(experiment + "weights must sum to 1 up to 2^31-1, got " + total);
    }
    overrides.forEach((unit, variant) -> {
      if (!weights.containsKey(variant)) {
        throw Checks.invalid(
            experiment + "an override names '" + variant + "', known are " + weights.keySet());
      }
    });
    history.forEach((number, earlier) -> {
      if (number >= epoch) {
        throw Checks.invalid(
            experiment + "earlier epoch " + number + " must be before epoch " + epoch);
      }
      if (!weights.keySet().equals(earlier.keySet())) {
        throw Checks.invalid(experiment
            + "epoch "
            + number
            + " must have the variants "
            + weights.keySet()
            + ", got "
            + earlier.keySet());
      }
    });
  }
}
