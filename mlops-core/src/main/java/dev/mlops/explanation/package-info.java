/** Why a model said what it said, row by row. */
@NullMarked
package dev.mlops.explanation;

import org.jspecify.annotations.NullMarked;
