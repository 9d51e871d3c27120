/** How objects are stored. Not exported. */
@NullMarked
package dev.mlops.store.internal;

import org.jspecify.annotations.NullMarked;
