/** JSON forms of models. */
@NullMarked
package dev.mlops.model.internal.json;

import org.jspecify.annotations.NullMarked;
