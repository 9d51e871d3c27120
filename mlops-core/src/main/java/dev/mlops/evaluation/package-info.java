/** How good a model is: metrics, curves, intervals, comparisons and reports. */
@NullMarked
package dev.mlops.evaluation;

import org.jspecify.annotations.NullMarked;
