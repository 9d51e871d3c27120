/**
 * The JSON forms of recipes and of fitted pipelines; the only place in training that knows Jackson.
 */
@NullMarked
package dev.mlops.training.internal.json;

import org.jspecify.annotations.NullMarked;
