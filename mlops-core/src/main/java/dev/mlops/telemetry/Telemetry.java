package dev.mlops.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/**
 * The names under which predictions are measured; changing one is a breaking change. Stateless.
 * Safe for use by several threads.
 */
public final class Telemetry {

  /** Counter of calls that ended, by predicted class; failed ones by {@code error.type} instead. */
  public static final String PREDICTION_COUNT = "mlops.prediction.count";

  /** Counter of calls that failed, by {@code error.type}. */
  public static final String PREDICTION_ERRORS = "mlops.prediction.errors";

  /** Histogram of how long calls took, failed ones included, in seconds. */
  public static final String PREDICTION_DURATION = "mlops.prediction.duration";

  /** Counter of predictions whose truth became known, by {@link #RIGHT}. */
  public static final String PREDICTION_OUTCOMES = "mlops.prediction.outcomes";

  /** Gauge, always 1, of the version that serves. */
  public static final String MODEL_INFO = "mlops.model.info";

  /** Gauge of the age of the version that serves, in seconds. */
  public static final String MODEL_AGE = "mlops.model.age";

  /** Counter of refreshes that failed while the previous version went on serving. */
  public static final String REFRESH_ERRORS = "mlops.model.refresh.errors";

  /** Gauge of this instance's load over the last minute: what an autoscaler follows. */
  public static final String REQUESTS_PER_SECOND = "prediction_requests_per_second";

  /** Attribute: the model's name. */
  public static final AttributeKey<String> MODEL_NAME = AttributeKey.stringKey("mlops.model.name");

  /** Attribute: the model's version. */
  public static final AttributeKey<Long> MODEL_VERSION =
      AttributeKey.longKey("mlops.model.version");

  /** Attribute: the predicted class. */
  public static final AttributeKey<String> PREDICTED_CLASS =
      AttributeKey.stringKey("mlops.prediction.class");

  /** Attribute: whether a prediction turned out right. */
  public static final AttributeKey<Boolean> RIGHT =
      AttributeKey.booleanKey("mlops.prediction.right");

  /**
   * Attribute: the kind of what was thrown, {@link #INVALID_INPUT}, {@code unavailable},
   * {@code corrupt}, {@code not_found}, {@code conflict}, {@code forbidden}, or {@code _OTHER} for
   * what this library does not throw on purpose; OpenTelemetry's own convention.
   */
  public static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  /**
   * The {@link #ERROR_TYPE} of a row that was refused because the row is wrong. It says nothing
   * about the service: rules over errors leave it out.
   */
  public static final String INVALID_INPUT = "invalid_input";

  private Telemetry() {}
}
