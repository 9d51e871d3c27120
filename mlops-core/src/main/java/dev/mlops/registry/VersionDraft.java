package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.ValidationReport;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.store.internal.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything a version is registered with. Immutable. */
public final class VersionDraft {
  private final Schema schema;
  private final List<ModelFile> files;
  private final Map<String, Double> metrics;
  private final Map<String, String> tags;
  private final Map<String, String> lineage;
  private final @Nullable String runId;
  private final @Nullable ModelCard card;

  private VersionDraft(Builder builder, Schema schema) {
    this.schema = schema;
    this.files = List.copyOf(builder.files);
    this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(builder.metrics));
    this.tags = Map.copyOf(builder.tags);
    this.lineage = Map.copyOf(builder.lineage);
    this.runId = builder.runId;
    this.card = builder.card;
  }

  /**
   * Starts an empty draft.
   *
   * @return a builder that needs a schema and at least one file
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the signature of the model.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * Returns the files.
   *
   * @return at least one, names unique
   */
  public List<ModelFile> files() {
    return files;
  }

  /**
   * Returns the metrics.
   *
   * @return values by name; may hold NaN
   */
  public Map<String, Double> metrics() {
    return metrics;
  }

  /**
   * Returns the tags.
   *
   * @return values by key
   */
  public Map<String, String> tags() {
    return tags;
  }

  /**
   * Returns where the model comes from.
   *
   * @return values by name
   */
  public Map<String, String> lineage() {
    return lineage;
  }

  /**
   * Returns the run that made the model.
   *
   * @return the run's id, or empty
   */
  public Optional<String> runId() {
    return Optional.ofNullable(runId);
  }

  /**
   * Returns what the version's card shall say.
   *
   * @return the card, or empty
   */
  public Optional<ModelCard> card() {
    return Optional.ofNullable(card);
  }

  /** Collects the parts of a draft. Not safe for use by several threads. */
  public static final class Builder {
    private @Nullable Schema schema;
    private final List<ModelFile> files = new ArrayList<>();
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Map<String, String> lineage = new LinkedHashMap<>();
    private @Nullable String runId;
    private @Nullable ModelCard card;

    private Builder() {}

    /**
     * Sets the signature; required.
     *
     * @param value the schema that rows must follow
     * @return this builder
     */
    public Builder schema(Schema value) {
      this.schema = requireNonNull(value, "schema");
      return this;
    }

    /**
     * Adds a file.
     *
     * @param file named uniquely within the version, ignoring case
     * @return this builder
     */
    public Builder file(ModelFile file) {
      ModelRef.requireName("artifact", file.name());
      Names.requireEntry("format", file.format(), "");
      files.add(file);
      return this;
    }

    /**
     * Adds files.
     *
     * @param all the files
     * @return this builder
     */
    public Builder files(List<ModelFile> all) {
      all.forEach(this::file);
      return this;
    }

    /**
     * Adds what came of checking the training data, as the file {@link ValidationReport#FILE_NAME};
     * {@link Gate#dataValidated()} asks for it.
     *
     * @param report a report that passed
     * @return this builder
     * @throws InvalidInputException if an expectation failed; the message tells which and why
     */
    public Builder validated(ValidationReport report) {
      byte[] json = report.requirePassed().toJson().getBytes(StandardCharsets.UTF_8);
      return file(new ModelFile(ValidationReport.FILE_NAME, "json", json));
    }

    /**
     * Records a metric.
     *
     * @param name such as {@code roc_auc}
     * @param value the value; NaN is recorded, and every gate on it rejects
     * @return this builder
     */
    public Builder metric(String name, double value) {
      Names.requireEntry("metric", name, "");
      metrics.put(name, value);
      return this;
    }

    /**
     * Records metrics.
     *
     * @param all values by name
     * @return this builder
     */
    public Builder metrics(Map<String, Double> all) {
      all.forEach(this::metric);
      return this;
    }

    /**
     * Sets a tag.
     *
     * @param key the tag's name
     * @param value at most 8192 characters
     * @return this builder
     */
    public Builder tag(String key, String value) {
      Names.requireEntry("tag", key, value);
      tags.put(key, value);
      return this;
    }

    /**
     * Records where the model comes from.
     *
     * @param all values by name: git commit, data fingerprint, seed, library versions
     * @return this builder
     */
    public Builder lineage(Map<String, String> all) {
      all.forEach((name, value) -> {
        Names.requireEntry("lineage", name, value);
        lineage.put(name, value);
      });
      return this;
    }

    /**
     * Names the run that made the model.
     *
     * @param id the run's id
     * @return this builder
     */
    public Builder run(String id) {
      Names.requireEntry("run", id, "");
      this.runId = id;
      return this;
    }

    /**
     * Says what the version's card shall say. Every version gets a card as JSON, Markdown and HTML;
     * the registry adds the version's number, actor, time, schema, metrics, lineage and tags.
     *
     * @param value a card of the model that the version will be of
     * @return this builder
     */
    public Builder card(ModelCard value) {
      this.card = requireNonNull(value, "card");
      return this;
    }

    /**
     * Creates the draft.
     *
     * @return the draft
     * @throws InvalidInputException if the schema or the files are missing, or two files have one
     *     name
     */
    public VersionDraft build() {
      if (schema == null) {
        throw new InvalidInputException("a version needs a schema, none was set");
      }
      if (files.isEmpty()) {
        throw new InvalidInputException("a version needs at least one file, got none");
      }
      var names = new HashSet<String>();
      for (ModelFile file : files) {
        if (!names.add(file.name().toLowerCase(Locale.ROOT))) {
          throw new InvalidInputException("two files are named '" + file.name() + "'");
        }
      }
      return new VersionDraft(this, schema);
    }
  }
}
