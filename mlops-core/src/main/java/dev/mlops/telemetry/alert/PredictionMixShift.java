package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import dev.mlops.telemetry.WindowCounts;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The classes are predicted in other proportions than they used to be: the total variation distance
 * {@code ½ Σ |share - reference|} is too large. It is the share of predictions that would have to
 * change class, 0 to 1. Immutable.
 *
 * @param reference the share of each class that is expected, summing to 1, copied; such as the mix
 *     on the validation rows
 * @param max the largest distance that is fine, such as 0.1
 * @param minRequests below how many answered calls there is nothing to judge by; the distance of n
 *     predictions over k classes from their own distribution is about {@code sqrt(k / (2πn))}
 * @param window how far to look back
 */
public record PredictionMixShift(
    Map<String, Double> reference, double max, long minRequests, Duration window)
    implements Condition {

  /** Creates the condition. */
  public PredictionMixShift {
    reference = Collections.unmodifiableMap(new LinkedHashMap<>(reference));
    double sum = 0;
    for (double share : reference.values()) {
      Checks.share("a reference share", share);
      sum += share;
    }
    if (!(Math.abs(sum - 1) <= 1e-6)) {
      throw new InvalidInputException("reference shares must sum to 1, got " + reference);
    }
    Checks.share("max", max);
    if (minRequests < 1) {
      throw new InvalidInputException("minRequests must be >= 1, got " + minRequests);
    }
    Checks.window(window);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    WindowCounts counts = recent.counts(window);
    long answered = counts.answered();
    return answered < minRequests || counts.mix().isEmpty()
        ? Optional.empty()
        : Optional.of(Measurement.above(distance(counts.mix(), answered), max));
  }

  private double distance(Map<String, Long> mix, long answered) {
    var difference = new HashMap<String, Double>();
    mix.forEach((name, count) -> difference.put(name, (double) count / answered));
    boolean folded = mix.containsKey(PredictionWindow.OTHER_CLASSES);
    reference.forEach((name, share) -> {
      String key = folded && !mix.containsKey(name) ? PredictionWindow.OTHER_CLASSES : name;
      difference.merge(key, -share, Double::sum);
    });
    return difference.values().stream().mapToDouble(Math::abs).sum() / 2;
  }

  @Override
  public String promQl(String model) {
    if (reference.size() > PredictionWindow.MAX_CLASSES) {
      throw new InvalidInputException("classes are counted apart up to "
          + PredictionWindow.MAX_CLASSES
          + " of them, got "
          + reference.size());
    }
    String terms = new TreeMap<>(reference)
        .entrySet().stream()
            .map(e -> "abs(%s - %s)"
                .formatted(PromQl.share(model, e.getKey(), window), PromQl.number(e.getValue())))
            .collect(Collectors.joining(" + "));
    return "(%s) / 2 > %s and %s >= %d"
        .formatted(terms, PromQl.number(max), PromQl.answered(model, window), minRequests);
  }
}
