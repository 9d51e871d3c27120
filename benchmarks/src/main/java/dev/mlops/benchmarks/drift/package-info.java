/** Drift: the Kolmogorov-Smirnov test and profiles, against the peers on the JVM. */
@NullMarked
package dev.mlops.benchmarks.drift;

import org.jspecify.annotations.NullMarked;
