/** The statistics behind an analysis: tests, intervals, sequential methods, power. */
@NullMarked
package dev.mlops.abtest.stats;

import org.jspecify.annotations.NullMarked;
