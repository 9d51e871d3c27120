/** Small things that several packages need. Not exported. */
@NullMarked
package dev.mlops.internal;

import org.jspecify.annotations.NullMarked;
