/** Assigns units to variants of an experiment and turns what happened into a verdict. */
@NullMarked
package dev.mlops.abtest;

import org.jspecify.annotations.NullMarked;
