/** The written forms of evaluations. */
@NullMarked
package dev.mlops.evaluation.internal;

import org.jspecify.annotations.NullMarked;
