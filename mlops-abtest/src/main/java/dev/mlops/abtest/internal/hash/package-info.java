/** Hash functions that read a string without allocating. */
@NullMarked
package dev.mlops.abtest.internal.hash;

import org.jspecify.annotations.NullMarked;
