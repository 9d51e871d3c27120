package dev.mlops.telemetry;

import dev.mlops.data.Target;
import dev.mlops.serving.ServedModel;
import io.opentelemetry.api.common.Attributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/* A served version with everything that would cost something per call: attributes and window. */
final class BoundModel {
  final ServedModel model;
  final PredictionWindow window;
  final Attributes attributes;
  final DurationBatches durations;
  final Instant since;
  final Attributes right;
  final Attributes wrong;
  private final Attributes[] byClass;
  private final Attributes[] byError;
  /** Whether a gauge has told it; guarded by what binds it. */
  boolean told;

  BoundModel(
      ServedModel model,
      PredictionWindow window,
      Attributes attributes,
      DurationBatches durations,
      Instant since) {
    this.model = model;
    this.window = window;
    this.attributes = attributes;
    this.durations = durations;
    this.since = since;
    this.right = attributes.toBuilder().put(Telemetry.RIGHT, true).build();
    this.wrong = attributes.toBuilder().put(Telemetry.RIGHT, false).build();
    List<String> classes =
        model.schema().target() instanceof Target.Classes target ? target.classes() : List.of();
    boolean named = !classes.isEmpty() && classes.size() <= PredictionWindow.MAX_CLASSES;
    this.byClass = new Attributes[named ? classes.size() : 1];
    byClass[0] = attributes;
    for (int i = 0; named && i < byClass.length; i++) {
      byClass[i] =
          attributes.toBuilder().put(Telemetry.PREDICTED_CLASS, classes.get(i)).build();
    }
    this.byError = Arrays.stream(ErrorType.values())
        .map(
            type -> attributes.toBuilder().put(Telemetry.ERROR_TYPE, type.value).build())
        .toArray(Attributes[]::new);
  }

  private BoundModel(ServedModel model, BoundModel equal) {
    this.model = model;
    this.window = equal.window;
    this.attributes = equal.attributes;
    this.durations = equal.durations;
    this.since = equal.since;
    this.right = equal.right;
    this.wrong = equal.wrong;
    this.byClass = equal.byClass;
    this.byError = equal.byError;
    this.told = equal.told;
  }

  /** Returns the same for another description of the same version. */
  BoundModel as(ServedModel equal) {
    return new BoundModel(equal, this);
  }

  Attributes attributes(int predicted) {
    return byClass[Math.min(predicted, byClass.length - 1)];
  }

  Attributes attributes(ErrorType error) {
    return byError[error.ordinal()];
  }

  /** Returns every set of attributes that an answered call can carry. */
  List<Attributes> answers() {
    return List.of(byClass);
  }

  /** Returns every set of attributes that a failure can carry. */
  List<Attributes> failures() {
    return List.of(byError);
  }

  /** Returns the first index with the highest score; NaN never wins. */
  static int predicted(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best] || Double.isNaN(scores[best])) {
        best = i;
      }
    }
    return best;
  }
}
