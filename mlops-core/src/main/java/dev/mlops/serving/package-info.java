/**
 * Models in the host's own process: following an alias, reloading, and telling what was predicted.
 */
@NullMarked
package dev.mlops.serving;

import org.jspecify.annotations.NullMarked;
