/** The algorithms behind {@link dev.mlops.drift}; not exported. */
@NullMarked
package dev.mlops.drift.internal;

import org.jspecify.annotations.NullMarked;
