package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import dev.mlops.error.InvalidInputException;
import dev.mlops.mlflow.MlflowMirror;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.secret.Secret;
import dev.mlops.tracking.Experiments;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The MLflow server inside an Azure Machine Learning workspace: its address, the tokens it wants,
 * and a mirror that uses both. Safe for use by several threads.
 */
public final class AzureMlMlflow implements Supplier<Secret> {
  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Pattern REGION = Pattern.compile("[a-z0-9]{2,40}");

  private final URI uri;
  private final TokenCredential credential;
  private final TokenRequestContext scope;
  private final Clock clock;
  private volatile @Nullable AccessToken token;

  private AzureMlMlflow(
      AzureMlWorkspace workspace, URI trackingUri, TokenCredential credential, Clock clock) {
    this.uri = requireNonNull(trackingUri, "trackingUri");
    this.credential = requireNonNull(credential, "credential");
    this.scope = new TokenRequestContext().addScopes(workspace.management() + "/.default");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Names the MLflow server of a workspace of the public cloud. Nothing is sent.
   *
   * @param workspace the workspace
   * @param region where it is, such as {@code westeurope}
   * @param credential an identity that may use it
   * @return the server
   */
  public static AzureMlMlflow of(
      AzureMlWorkspace workspace, String region, TokenCredential credential) {
    if (!REGION.matcher(region).matches()) {
      throw new InvalidInputException(
          "region must look like westeurope (" + REGION + "), got '" + region + "'");
    }
    return of(
        workspace,
        URI.create("https://" + region + ".api.azureml.ms/mlflow/v1.0" + workspace.resourceId()),
        credential);
  }

  /**
   * Names the MLflow server of a workspace. Nothing is sent.
   *
   * @param workspace the workspace
   * @param trackingUri the workspace's {@code mlFlowTrackingUri}, as {@code azureml:} or
   *     {@code https:}
   * @param credential an identity that may use it
   * @return the server
   */
  public static AzureMlMlflow of(
      AzureMlWorkspace workspace, URI trackingUri, TokenCredential credential) {
    return new AzureMlMlflow(workspace, trackingUri, credential, Clock.systemUTC());
  }

  static AzureMlMlflow of(
      AzureMlWorkspace workspace, URI trackingUri, TokenCredential credential, Clock clock) {
    return new AzureMlMlflow(workspace, trackingUri, credential, clock);
  }

  /**
   * Starts to describe a mirror to this server that authenticates with its tokens.
   *
   * @param experiments the runs to mirror
   * @param registry the versions to mirror
   * @return the mirror's builder
   * @throws InvalidInputException if the tracking address is of another kind, or not confidential
   */
  public MlflowMirror.Builder mirror(Experiments experiments, ModelRegistry registry) {
    return MlflowMirror.builder(uri, experiments, registry).token(this);
  }

  /**
   * Where the MLflow REST API is; {@code /api/2.0/mlflow/…} follows.
   *
   * @return the address
   */
  public URI uri() {
    return uri;
  }

  /**
   * A bearer token that is good for five more minutes at least; asked for again when it is not.
   *
   * @return the token
   * @throws dev.mlops.error.UnavailableException if no identity gives one
   */
  @Override
  public Secret get() {
    AccessToken current = token;
    if (current == null
        || clock.instant().plus(EARLY).isAfter(current.getExpiresAt().toInstant())) {
      current = credential.getTokenSync(scope);
      token = current;
    }
    return Secret.of(current.getToken());
  }

  @Override
  public String toString() {
    return "AzureMlMlflow[" + uri + "]";
  }
}
