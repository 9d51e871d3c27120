/** What a model is to the rest of the library: a schema and a function from a row to scores. */
@NullMarked
package dev.mlops.model;

import org.jspecify.annotations.NullMarked;
