package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.card.ModelCard;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One registered version as of the moment it was read. Files, schema, metrics and lineage never
 * change; tags and {@code archived} can. Immutable.
 *
 * @param model the model's name
 * @param number the version, from 1 without gaps
 * @param schema the signature that rows must follow
 * @param artifacts the files by name
 * @param metrics the metrics by name as registered; may hold NaN
 * @param tags the current tags
 * @param lineage where the version comes from: git commit, data fingerprint, seed, library versions
 * @param runId the tracked run that made it
 * @param actor who registered it
 * @param at when it was registered, by that actor's clock
 * @param archived true if it must not be promoted any more
 * @param signature the publisher's signature, if the registry signs
 */
public record ModelVersion(
    String model,
    int number,
    Schema schema,
    Map<String, Artifact> artifacts,
    Map<String, Double> metrics,
    Map<String, String> tags,
    Map<String, String> lineage,
    Optional<String> runId,
    String actor,
    Instant at,
    boolean archived,
    Optional<VersionSignature> signature) {

  /** Creates a version; maps are copied and sorted by name. */
  public ModelVersion {
    new ModelRef.Version(model, number);
    requireNonNull(schema, "schema");
    artifacts = sorted(artifacts);
    metrics = sorted(metrics);
    tags = sorted(tags);
    lineage = sorted(lineage);
    requireNonNull(runId, "runId");
    requireNonNull(actor, "actor");
    requireNonNull(at, "at");
    requireNonNull(signature, "signature");
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * Returns the reference to this version.
   *
   * @return model and number
   */
  public ModelRef.Version ref() {
    return new ModelRef.Version(model, number);
  }

  /**
   * Returns the record of one file.
   *
   * @param name the artifact's name
   * @return its record
   * @throws NotFoundException if the version has no such file; the message lists those it has
   */
  public Artifact artifact(String name) {
    Artifact artifact = artifacts.get(requireNonNull(name, "name"));
    if (artifact == null) {
      throw new NotFoundException(
          ref() + " has no artifact '" + name + "'; artifacts are " + artifacts.keySet());
    }
    return artifact;
  }

  /**
   * Returns a metric.
   *
   * @param name the metric's name
   * @return the recorded value, which may be NaN; empty if it was not recorded
   */
  public Optional<Double> metric(String name) {
    return Optional.ofNullable(metrics.get(requireNonNull(name, "name")));
  }

  /**
   * Adds a signature.
   *
   * @param value the signature
   * @return the same version, signed
   */
  public ModelVersion signed(VersionSignature value) {
    return new ModelVersion(
        model,
        number,
        schema,
        artifacts,
        metrics,
        tags,
        lineage,
        runId,
        actor,
        at,
        archived,
        Optional.of(value));
  }

  /**
   * Adds up the artifacts, but for the forms of the model card.
   *
   * @return the size of the files in bytes
   */
  public long size() {
    return artifacts.values().stream()
        .filter(artifact -> !ModelCard.FILES.contains(artifact.name()))
        .mapToLong(Artifact::size)
        .sum();
  }
}
