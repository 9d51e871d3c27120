/** How runs are stored. Not exported. */
@NullMarked
package dev.mlops.tracking.internal;

import org.jspecify.annotations.NullMarked;
