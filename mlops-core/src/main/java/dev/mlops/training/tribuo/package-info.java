/** Tribuo behind the training port and the model format {@code tribuo}; nothing else names it. */
@NullMarked
package dev.mlops.training.tribuo;

import org.jspecify.annotations.NullMarked;
