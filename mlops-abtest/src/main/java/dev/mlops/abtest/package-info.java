/** Assigns units to variants and analyses the outcome. */
@NullMarked
package dev.mlops.abtest;

import org.jspecify.annotations.NullMarked;
