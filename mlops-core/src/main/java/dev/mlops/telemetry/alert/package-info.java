/**
 * Rules over the recent past of a model, evaluated in process with the states of Prometheus, told
 * to sinks, and exported as Prometheus rules.
 */
@NullMarked
package dev.mlops.telemetry.alert;

import org.jspecify.annotations.NullMarked;
