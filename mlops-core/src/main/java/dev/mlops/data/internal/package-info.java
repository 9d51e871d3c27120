/** How tables are read, shuffled, ordered and identified. */
@NullMarked
package dev.mlops.data.internal;

import org.jspecify.annotations.NullMarked;
