package dev.mlops.training;

/**
 * One step of a recipe before the trainer. Steps run in the order in which they were added: a
 * {@link Transform} is fitted on the training rows and stays in the model, a {@link Sampler}
 * changes the training rows only.
 */
public sealed interface Step permits Transform, Sampler {}
