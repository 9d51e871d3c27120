/** Scoring files of any size. */
@NullMarked
package dev.mlops.batch;

import org.jspecify.annotations.NullMarked;
