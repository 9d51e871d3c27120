package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.azure.internal.ArmClient;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.azure.internal.JobJson;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Jobs, models and online endpoints of an Azure Machine Learning workspace, over the REST API
 * 2024-10-01. Safe for use by several threads.
 *
 * <p>Throttling (429, with its Retry-After) and failures of the service (5xx) are tried again
 * within the request timeout, and so is, once and with a new token, what was answered with 401.
 * When an attempt to submit a job or to register a model got no answer and the next finds the name
 * taken, what is there counts as this call's own if it is what was sent. Every method throws
 * {@link dev.mlops.error.NotFoundException} for 404, {@link dev.mlops.error.ConflictException} for
 * 409, {@link InvalidInputException} for what the service refuses as wrong, and
 * {@link UnavailableException} when it refuses the identity or does not answer.
 */
public final class AzureMlJobs {
  private final AzureMlWorkspace workspace;
  private final ArmClient arm;
  private final Duration operationTimeout;

  private AzureMlJobs(Builder builder) {
    HttpClient http = builder.httpClient != null
        ? builder.httpClient
        : HttpClients.create(Duration.ofSeconds(10), Duration.ofSeconds(60));
    this.workspace = builder.workspace;
    this.arm = new ArmClient(
        workspace, builder.credential, http, builder.requestTimeout, builder.pollEvery);
    this.operationTimeout = builder.operationTimeout;
  }

  /**
   * Starts to describe the access to a workspace.
   *
   * @param workspace the workspace
   * @param credential an identity that may use it
   * @return a builder
   */
  public static Builder builder(AzureMlWorkspace workspace, TokenCredential credential) {
    return new Builder(workspace, credential);
  }

  /**
   * Submits a job.
   *
   * @param name the job's name, not used before in the workspace
   * @param job what to run
   * @return what the workspace says
   */
  public JobInfo submit(String name, AzureMlJob job) {
    return info(arm.put(path("jobs", name), job.toJson(), "submitting job '" + name + "'"));
  }

  /**
   * Looks at a job.
   *
   * @param name the job
   * @return what the workspace says
   */
  public JobInfo get(String name) {
    return info(arm.get(path("jobs", name), "job '" + name + "'"));
  }

  /**
   * Asks a job to stop; {@link #states} tells when it has.
   *
   * @param name the job
   */
  public void cancel(String name) {
    arm.post(path("jobs", name) + "/cancel", "cancelling job '" + name + "'");
  }

  /**
   * Follows a job until it is over.
   *
   * @param name the job
   * @param every how often to look
   * @return every change of state, the first at once, the last a final one; reading it blocks
   */
  public Stream<JobInfo> states(String name, Duration every) {
    return Stream.iterate(get(name), info -> info != null, info -> next(info, every));
  }

  @SuppressWarnings(
      "NullAway") // a stream that ends is told so by null, and only Stream.iterate sees it
  private @Nullable JobInfo next(JobInfo last, Duration every) {
    if (last.status().isFinal()) {
      return null;
    }
    JobInfo now;
    do {
      ArmClient.sleep(every, "job '" + last.name() + "'");
      now = get(last.name());
    } while (now.status() == last.status());
    return now;
  }

  /**
   * Registers a model version.
   *
   * @param name the model
   * @param version the version
   * @param model what it is
   */
  public void registerModel(String name, String version, AzureMlModel model) {
    arm.put(
        path("models", name) + "/versions/" + AzureMlWorkspace.segment("version", version),
        model.toJson(),
        "registering model '" + name + "' version '" + version + "'");
  }

  /**
   * How an online endpoint spreads its requests.
   *
   * @param endpoint the endpoint
   * @return percent by deployment
   */
  public Map<String, Integer> traffic(String endpoint) {
    return percents(endpoint(endpoint).path("properties").path("traffic"));
  }

  /**
   * Changes how an online endpoint spreads its requests and waits until it does.
   *
   * @param endpoint the endpoint
   * @param percent by deployment; 0 to 100 each, 100 or 0 in all
   * @throws InvalidInputException if the shares are not such; nothing was sent then
   * @throws UnavailableException if the change is not done within the operation timeout; it may be
   *     done later
   */
  public void setTraffic(String endpoint, Map<String, Integer> percent) {
    int sum = shares(percent, 100);
    if (sum != 100 && sum != 0) {
      throw new InvalidInputException("traffic must sum to 100 or to 0, got " + percent);
    }
    change(endpoint, properties -> properties.put("traffic", percent));
  }

  /**
   * Copies a share of an endpoint's requests to a deployment whose answers are thrown away, and
   * waits until it does.
   *
   * @param endpoint the endpoint
   * @param percent by deployment; 0 to 50 in all
   * @throws InvalidInputException if the shares are not such; nothing was sent then
   * @throws UnavailableException if the change is not done within the operation timeout; it may be
   *     done later
   */
  public void setMirrorTraffic(String endpoint, Map<String, Integer> percent) {
    shares(percent, 50);
    change(endpoint, properties -> properties.put("mirrorTraffic", percent));
  }

  private static int shares(Map<String, Integer> percent, int most) {
    int sum = 0;
    for (var share : percent.entrySet()) {
      AzureMlWorkspace.segment("deployment", share.getKey());
      if (share.getValue() < 0 || share.getValue() > most) {
        throw new InvalidInputException("the share of '" + share.getKey() + "' must be from 0 to "
            + most + ", got " + share.getValue());
      }
      sum += share.getValue();
    }
    if (sum > most) {
      throw new InvalidInputException("shares must sum to at most " + most + ", got " + percent);
    }
    return sum;
  }

  private JsonNode endpoint(String endpoint) {
    return arm.get(path("onlineEndpoints", endpoint), "online endpoint '" + endpoint + "'");
  }

  /** The API's PATCH carries neither kind of traffic, so the endpoint is read and written whole. */
  private void change(String endpoint, Consumer<Map<String, Object>> edit) {
    JsonNode now = endpoint(endpoint);
    Map<String, Object> body = new LinkedHashMap<>();
    for (String kept : new String[] {"tags", "location", "kind", "sku"}) {
      if (now.hasNonNull(kept)) {
        body.put(kept, now.get(kept));
      }
    }
    if (now.hasNonNull("identity")) {
      body.put("identity", identity(now.get("identity")));
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    for (String kept : new String[] {
      "authMode",
      "compute",
      "description",
      "properties",
      "publicNetworkAccess",
      "traffic",
      "mirrorTraffic"
    }) {
      if (now.path("properties").hasNonNull(kept)) {
        properties.put(kept, now.path("properties").get(kept));
      }
    }
    edit.accept(properties);
    body.put("properties", properties);
    arm.putAndWait(
        path("onlineEndpoints", endpoint),
        JobJson.write(body),
        operationTimeout,
        "changing the traffic of online endpoint '" + endpoint + "'");
  }

  /** Principal and tenant are the service's to say. */
  private static Map<String, Object> identity(JsonNode identity) {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("type", identity.path("type").asText());
    JsonNode assigned = identity.path("userAssignedIdentities");
    if (assigned.isObject() && !assigned.isEmpty()) {
      Map<String, Object> names = new LinkedHashMap<>();
      assigned.fieldNames().forEachRemaining(name -> names.put(name, Map.of()));
      kept.put("userAssignedIdentities", names);
    }
    return kept;
  }

  private static Map<String, Integer> percents(JsonNode traffic) {
    Map<String, Integer> percents = new LinkedHashMap<>();
    traffic
        .properties()
        .forEach(share -> percents.put(share.getKey(), share.getValue().asInt()));
    return Map.copyOf(percents);
  }

  private static String path(String kind, String name) {
    return "/" + kind + "/" + AzureMlWorkspace.segment("name", name);
  }

  private static JobInfo info(JsonNode job) {
    JsonNode properties = job.path("properties");
    return new JobInfo(
        job.path("name").asText(),
        JobInfo.Status.of(properties.path("status").asText("Unknown")),
        Optional.ofNullable(
            properties.path("services").path("Studio").path("endpoint").textValue()));
  }

  @Override
  public String toString() {
    return "AzureMlJobs[" + workspace.name() + "]";
  }

  /** Describes the access to a workspace. Not safe for use by several threads. */
  public static final class Builder {
    private final AzureMlWorkspace workspace;
    private final TokenCredential credential;
    private @Nullable HttpClient httpClient;
    private Duration requestTimeout = Duration.ofSeconds(60);
    private Duration operationTimeout = Duration.ofMinutes(20);
    private Duration pollEvery = Duration.ofSeconds(5);

    private Builder(AzureMlWorkspace workspace, TokenCredential credential) {
      this.workspace = requireNonNull(workspace, "workspace");
      this.credential = requireNonNull(credential, "credential");
    }

    /**
     * Sets the HTTP client; one on the JDK's by default.
     *
     * @param value the client
     * @return this
     */
    public Builder httpClient(HttpClient value) {
      httpClient = requireNonNull(value, "httpClient");
      return this;
    }

    /**
     * Sets how long one request may take with all its retries; 60 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder requestTimeout(Duration value) {
      requestTimeout = requireNonNull(value, "requestTimeout");
      return this;
    }

    /**
     * Sets how long a long-running operation may take; 20 minutes by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder operationTimeout(Duration value) {
      operationTimeout = requireNonNull(value, "operationTimeout");
      return this;
    }

    /**
     * Sets how often a long-running operation is looked at unless the service says; every 5 seconds
     * by default.
     *
     * @param value the interval
     * @return this
     */
    public Builder pollEvery(Duration value) {
      pollEvery = requireNonNull(value, "pollEvery");
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return the access; nothing was sent yet
     */
    public AzureMlJobs build() {
      return new AzureMlJobs(this);
    }
  }
}
