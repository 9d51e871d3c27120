package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import dev.mlops.azure.internal.JobJson;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model version to register in a workspace. Immutable. */
public final class AzureMlModel {
  private final Map<String, Object> properties;

  private AzureMlModel(Builder builder) {
    this.properties = JobJson.frozen(builder.properties);
  }

  /**
   * Starts to describe a model version.
   *
   * @param uri where its files are, as {@code azureml://…} or the address of a blob
   * @param type {@code custom_model}, {@code mlflow_model} or {@code triton_model}
   * @return a builder
   */
  public static Builder builder(String uri, String type) {
    return new Builder(uri, type);
  }

  /**
   * The body of the request that registers the version, as the REST API 2024-10-01 has it.
   *
   * @return JSON
   */
  public String toJson() {
    return JobJson.body(properties);
  }

  @Override
  public String toString() {
    return "AzureMlModel[modelUri=" + properties.get("modelUri") + "]";
  }

  /** Describes a model version. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Object> properties = new LinkedHashMap<>();

    private Builder(String uri, String type) {
      properties.put("modelUri", JobJson.notBlank("uri", uri));
      properties.put("modelType", JobJson.notBlank("type", type));
      properties.put("isAnonymous", false);
    }

    /**
     * Sets a description.
     *
     * @param text the description
     * @return this
     */
    public Builder description(String text) {
      properties.put("description", requireNonNull(text, "description"));
      return this;
    }

    /**
     * Adds a tag, which can be changed later.
     *
     * @param name the tag
     * @param value its value
     * @return this
     */
    public Builder tag(String name, String value) {
      JobJson.into(properties, "tags").put(name, requireNonNull(value, name));
      return this;
    }

    /**
     * Adds a property, which cannot be changed later.
     *
     * @param name the property
     * @param value its value
     * @return this
     */
    public Builder property(String name, String value) {
      JobJson.into(properties, "properties").put(name, requireNonNull(value, name));
      return this;
    }

    /**
     * Adds an MLflow flavour.
     *
     * @param name the flavour
     * @param data what it says about the model
     * @return this
     */
    public Builder flavor(String name, Map<String, String> data) {
      JobJson.into(properties, "flavors").put(name, Map.of("data", Map.copyOf(data)));
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return the model version
     */
    public AzureMlModel build() {
      return new AzureMlModel(this);
    }
  }
}
