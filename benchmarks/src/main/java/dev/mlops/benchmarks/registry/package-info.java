/** The registry and tracking beside the same durable work on SQLite. */
@NullMarked
package dev.mlops.benchmarks.registry;

import org.jspecify.annotations.NullMarked;
