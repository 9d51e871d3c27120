package dev.mlops.telemetry.alert;

/** Where an alert is; the states of Prometheus and one for not knowing. */
public enum AlertState {
  /** The condition does not hold. */
  INACTIVE,
  /** The condition holds, not yet for long enough. */
  PENDING,
  /** Somebody was told. */
  FIRING,
  /** It fired and is over, since at most 15 minutes; then {@link #INACTIVE}. */
  RESOLVED,
  /** There is nothing to judge by. Where Prometheus has no result it calls that inactive. */
  NO_DATA
}
