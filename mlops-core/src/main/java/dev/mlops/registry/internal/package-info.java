/** The event log behind the registry. Not exported. */
@NullMarked
package dev.mlops.registry.internal;

import org.jspecify.annotations.NullMarked;
