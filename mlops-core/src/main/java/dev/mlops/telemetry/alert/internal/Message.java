package dev.mlops.telemetry.alert.internal;

/** What is to be delivered once: an identity that stays the same over all attempts, and a body. */
public record Message(String id, String body) {}
