/** Numerics of comparisons. Not exported. */
@NullMarked
package dev.mlops.registry.compare.internal;

import org.jspecify.annotations.NullMarked;
