/** Tables, their schema, and how they are read and split. */
@NullMarked
package dev.mlops.data;

import org.jspecify.annotations.NullMarked;
