/**
 * Comparisons with the peers a user would otherwise pick: one interleaved run, ratios, allocation.
 */
@NullMarked
package dev.mlops.benchmarks;

import org.jspecify.annotations.NullMarked;
