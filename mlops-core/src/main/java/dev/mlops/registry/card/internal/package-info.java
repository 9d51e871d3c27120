/** How model cards are computed and drawn. Not exported. */
@NullMarked
package dev.mlops.registry.card.internal;

import org.jspecify.annotations.NullMarked;
