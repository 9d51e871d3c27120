package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;

/**
 * Which version answered. Immutable; one instance per loaded version, so that listeners can key on
 * it.
 *
 * @param model the model's name
 * @param version the version, from 1
 * @param schema the version's signature
 */
public record ServedModel(String model, int version, Schema schema) {
  /** Creates a description of a served version. */
  public ServedModel {
    requireNonNull(model, "model");
    requireNonNull(schema, "schema");
  }

  @Override
  public String toString() {
    return model + ":" + version;
  }
}
