/** Compiled models: flat primitive arrays, the arithmetic over them, and their file format. */
@NullMarked
package dev.mlops.model.internal;

import org.jspecify.annotations.NullMarked;
