/** Turns cell statistics into estimates. */
@NullMarked
package dev.mlops.abtest.internal.analysis;

import org.jspecify.annotations.NullMarked;
