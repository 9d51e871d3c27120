/** What training gives beside a model: {@code ./benchmarks/run explain}. */
@NullMarked
package dev.mlops.benchmarks.training;

import org.jspecify.annotations.NullMarked;
