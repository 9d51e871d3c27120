/** Shared checks. */
@NullMarked
package dev.mlops.abtest.internal;

import org.jspecify.annotations.NullMarked;
