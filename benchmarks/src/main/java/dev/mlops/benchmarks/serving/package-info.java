/** Predicting and loading, against the libraries that do it elsewhere. */
@NullMarked
package dev.mlops.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
