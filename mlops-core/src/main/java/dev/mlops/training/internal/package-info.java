/** Fitted transforms as plain data, samplers, and the port to the library that fits models. */
@NullMarked
package dev.mlops.training.internal;

import org.jspecify.annotations.NullMarked;
