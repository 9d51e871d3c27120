/**
 * What predictions do, measured where they are made: OpenTelemetry instruments and an exact sliding
 * window in process. No feature value and no user id leaves through here.
 */
@NullMarked
package dev.mlops.telemetry;

import org.jspecify.annotations.NullMarked;
