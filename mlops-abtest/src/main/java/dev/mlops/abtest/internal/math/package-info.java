/** Distributions and special functions. */
@NullMarked
package dev.mlops.abtest.internal.math;

import org.jspecify.annotations.NullMarked;
