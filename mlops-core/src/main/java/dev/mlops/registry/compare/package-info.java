/** Is one model better than another, given both models' scores of the same rows? */
@NullMarked
package dev.mlops.registry.compare;

import org.jspecify.annotations.NullMarked;
