/** From Tribuo's models to compiled ones. */
@NullMarked
package dev.mlops.training.tribuo.compile;

import org.jspecify.annotations.NullMarked;
