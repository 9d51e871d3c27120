/**
 * Experiments and their runs: parameters, metrics by step, tags, artifacts and where it all came
 * from.
 */
@NullMarked
package dev.mlops.tracking;

import org.jspecify.annotations.NullMarked;
