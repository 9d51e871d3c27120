/** The workings of the adapters; not part of the API. */
@NullMarked
package dev.mlops.azure.internal;

import org.jspecify.annotations.NullMarked;
