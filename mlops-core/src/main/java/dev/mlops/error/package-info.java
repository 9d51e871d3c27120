/** What can go wrong, in the few kinds a caller can act on. */
@NullMarked
package dev.mlops.error;

import org.jspecify.annotations.NullMarked;
