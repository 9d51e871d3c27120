/**
 * Where bytes are kept: one port with a single conditional write, and the in-memory and directory
 * implementations.
 */
@NullMarked
package dev.mlops.store;

import org.jspecify.annotations.NullMarked;
