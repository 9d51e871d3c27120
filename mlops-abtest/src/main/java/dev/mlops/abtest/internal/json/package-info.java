/** Experiments and stores as JSON. */
@NullMarked
package dev.mlops.abtest.internal.json;

import org.jspecify.annotations.NullMarked;
