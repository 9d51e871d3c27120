/** Exact Shapley values over the vector that a fitted model reads. */
@NullMarked
package dev.mlops.explanation.internal;

import org.jspecify.annotations.NullMarked;
