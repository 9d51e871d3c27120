/** Queues, files and the join of exposures with outcomes. */
@NullMarked
package dev.mlops.abtest.internal.event;

import org.jspecify.annotations.NullMarked;
