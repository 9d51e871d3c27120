/** How alerts travel; not part of the API. */
@NullMarked
package dev.mlops.telemetry.alert.internal;

import org.jspecify.annotations.NullMarked;
