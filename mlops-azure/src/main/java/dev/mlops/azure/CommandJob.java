package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import dev.mlops.azure.internal.JobJson;
import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command that a workspace runs on a compute target, on one machine or several. Immutable. */
public final class CommandJob implements AzureMlJob {
  private final Map<String, Object> properties;
  private final Map<String, Object> trial;
  private final String computeId;

  private CommandJob(Builder builder) {
    this.trial = JobJson.trial(
        builder.command,
        builder.environmentId,
        Optional.ofNullable(builder.codeId),
        builder.environmentVariables,
        Optional.ofNullable(builder.distribution),
        JobJson.resources(
            builder.instanceCount,
            Optional.ofNullable(builder.instanceType),
            builder.resourceProperties));
    this.computeId = builder.computeId;
    Map<String, Object> all = new LinkedHashMap<>(builder.properties);
    all.put("jobType", "Command");
    all.put("computeId", computeId);
    all.putAll(trial);
    Duration timeout = builder.timeout;
    if (timeout != null) {
      all.put("limits", Map.of("jobLimitsType", "Command", "timeout", timeout.toString()));
    }
    this.properties = JobJson.frozen(all);
  }

  /**
   * Starts to describe a command.
   *
   * @param command the shell command; <code>${{inputs.x}}</code> stands for an input
   * @param environmentId the resource id of the environment it runs in
   * @param computeId the resource id of the compute target
   * @return a builder
   */
  public static Builder builder(String command, String environmentId, String computeId) {
    return new Builder(command, environmentId, computeId);
  }

  @Override
  public String toJson() {
    return JobJson.body(properties);
  }

  Map<String, Object> trial() {
    return trial;
  }

  Map<String, Object> properties() {
    return properties;
  }

  @Override
  public String toString() {
    return "CommandJob[computeId=" + computeId + "]";
  }

  /** Describes a command. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final Map<String, String> environmentVariables = new LinkedHashMap<>();
    private final Map<String, Object> resourceProperties = new LinkedHashMap<>();
    private final String command;
    private final String environmentId;
    private final String computeId;
    private @Nullable String codeId;
    private @Nullable Distribution distribution;
    private @Nullable String instanceType;
    private @Nullable Duration timeout;
    private int instanceCount = 1;

    private Builder(String command, String environmentId, String computeId) {
      this.command = JobJson.notBlank("command", command);
      this.environmentId = JobJson.notBlank("environmentId", environmentId);
      this.computeId = JobJson.notBlank("computeId", computeId);
    }

    /**
     * Sets the code that is copied to the machine.
     *
     * @param resourceId the id of the code version
     * @return this
     */
    public Builder codeId(String resourceId) {
      codeId = JobJson.notBlank("codeId", resourceId);
      return this;
    }

    /**
     * Sets the experiment the run appears under.
     *
     * @param name the experiment
     * @return this
     */
    public Builder experimentName(String name) {
      return property("experimentName", JobJson.notBlank("experimentName", name));
    }

    /**
     * Sets the name people see.
     *
     * @param name the name
     * @return this
     */
    public Builder displayName(String name) {
      return property("displayName", JobJson.notBlank("displayName", name));
    }

    /**
     * Sets a description.
     *
     * @param text the description
     * @return this
     */
    public Builder description(String text) {
      return property("description", requireNonNull(text, "description"));
    }

    /**
     * Adds a tag.
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
     * Adds a literal input.
     *
     * @param name the input
     * @param value its value
     * @return this
     */
    public Builder input(String name, String value) {
      JobJson.into(properties, "inputs")
          .put(name, Map.of("jobInputType", "literal", "value", requireNonNull(value, name)));
      return this;
    }

    /**
     * Adds a file or folder as an input.
     *
     * @param name the input
     * @param type {@code uri_file}, {@code uri_folder}, {@code mltable} or a model type
     * @param uri where the data is
     * @return this
     */
    public Builder input(String name, String type, String uri) {
      JobJson.into(properties, "inputs")
          .put(name, Map.of("jobInputType", type, "uri", requireNonNull(uri, name)));
      return this;
    }

    /**
     * Adds an output.
     *
     * @param name the output
     * @param type {@code uri_file}, {@code uri_folder}, {@code mltable} or a model type
     * @return this
     */
    public Builder output(String name, String type) {
      JobJson.into(properties, "outputs")
          .put(name, Map.of("jobOutputType", type, "mode", "ReadWriteMount"));
      return this;
    }

    /**
     * Adds an input in the service's own notation.
     *
     * @param name the input
     * @param expression such as {@code {"jobInputType": "uri_folder", "mode": "Download", "uri":
     *     …}}
     * @return this
     */
    public Builder input(String name, Map<String, ?> expression) {
      JobJson.into(properties, "inputs").put(name, Map.copyOf(expression));
      return this;
    }

    /**
     * Adds an output in the service's own notation.
     *
     * @param name the output
     * @param expression such as {@code {"jobOutputType": "uri_file", "mode": "Upload", "uri": …}}
     * @return this
     */
    public Builder output(String name, Map<String, ?> expression) {
      JobJson.into(properties, "outputs").put(name, Map.copyOf(expression));
      return this;
    }

    /**
     * Sets an environment variable. The value is stored with the job and readable by everyone who
     * may read the job: no secrets.
     *
     * @param name the variable
     * @param value its value
     * @return this
     */
    public Builder environmentVariable(String name, String value) {
      environmentVariables.put(name, requireNonNull(value, name));
      return this;
    }

    /**
     * Runs on several machines.
     *
     * @param instances how many machines, from 1
     * @param how how their processes find one another
     * @return this
     */
    public Builder distributed(int instances, Distribution how) {
      distribution = requireNonNull(how, "distribution");
      return instances(instances);
    }

    /**
     * Sets the number of machines; 1 by default.
     *
     * @param instances from 1
     * @return this
     */
    public Builder instances(int instances) {
      if (instances < 1) {
        throw new InvalidInputException("instances must be >= 1, got " + instances);
      }
      instanceCount = instances;
      return this;
    }

    /**
     * Sets the kind of machine.
     *
     * @param type such as {@code Standard_NC6s_v3}
     * @return this
     */
    public Builder instanceType(String type) {
      instanceType = JobJson.notBlank("instanceType", type);
      return this;
    }

    /**
     * Sets a property of the machines that has no method here.
     *
     * @param name the property
     * @param value anything that has a JSON form
     * @return this
     */
    public Builder resourceProperty(String name, Object value) {
      resourceProperties.put(name, requireNonNull(value, name));
      return this;
    }

    /**
     * Sets how long the job may run.
     *
     * @param value above zero
     * @return this
     */
    public Builder timeout(Duration value) {
      if (value.isZero() || value.isNegative()) {
        throw new InvalidInputException("timeout must be above zero, got " + value);
      }
      timeout = value;
      return this;
    }

    /**
     * Sets the identity the job runs under.
     *
     * @param identityType {@code AMLToken}, {@code Managed} or {@code UserIdentity}
     * @return this
     */
    public Builder identity(String identityType) {
      return property("identity", Map.of("identityType", identityType));
    }

    /**
     * Sets a property of the job that has no method here.
     *
     * @param name the property, such as {@code services}
     * @param value anything that has a JSON form
     * @return this
     */
    public Builder property(String name, Object value) {
      properties.put(name, requireNonNull(value, name));
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return the job
     */
    public CommandJob build() {
      return new CommandJob(this);
    }
  }
}
