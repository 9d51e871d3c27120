/** Compares live data with the data a model was trained on. */
@NullMarked
package dev.mlops.drift;

import org.jspecify.annotations.NullMarked;
