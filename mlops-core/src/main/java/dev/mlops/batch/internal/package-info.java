/** Chunks, their scoring and the checkpoint of a batch. */
@NullMarked
package dev.mlops.batch.internal;

import org.jspecify.annotations.NullMarked;
