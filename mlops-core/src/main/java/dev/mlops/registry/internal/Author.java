package dev.mlops.registry.internal;

/** Who changes something, and why. */
record Author(String actor, String reason) {}
