/**
 * From a table to a model: a recipe of transforms, samplers and a trainer, fitted on training rows
 * only and served whole.
 */
@NullMarked
package dev.mlops.training;

import org.jspecify.annotations.NullMarked;
