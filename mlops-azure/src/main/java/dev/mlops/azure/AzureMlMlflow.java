package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import dev.mlops.error.InvalidInputException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The MLflow server inside an Azure Machine Learning workspace, for the MLflow mirror: its address
 * and the tokens it wants. Safe for use by several threads.
 */
public final class AzureMlMlflow implements Supplier<String> {
  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Pattern REGION = Pattern.compile("[a-z0-9]{2,40}");

  private final URI uri;
  private final TokenCredential credential;
  private final TokenRequestContext scope;
  private final Clock clock;
  private volatile @Nullable AccessToken token;

  private AzureMlMlflow(
      AzureMlWorkspace workspace, String region, TokenCredential credential, Clock clock) {
    if (!REGION.matcher(region).matches()) {
      throw new InvalidInputException(
          "region must look like westeurope (" + REGION + "), got '" + region + "'");
    }
    this.uri =
        URI.create("https://" + region + ".api.azureml.ms/mlflow/v1.0" + workspace.resourceId());
    this.credential = requireNonNull(credential, "credential");
    this.scope = new TokenRequestContext().addScopes(workspace.management() + "/.default");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Names the MLflow server of a workspace. Nothing is sent.
   *
   * @param workspace the workspace
   * @param region where it is, such as {@code westeurope}
   * @param credential an identity that may use it
   * @return the server
   */
  public static AzureMlMlflow of(
      AzureMlWorkspace workspace, String region, TokenCredential credential) {
    return new AzureMlMlflow(workspace, region, credential, Clock.systemUTC());
  }

  static AzureMlMlflow of(
      AzureMlWorkspace workspace, String region, TokenCredential credential, Clock clock) {
    return new AzureMlMlflow(workspace, region, credential, clock);
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
   * @return the token; keep it out of logs
   * @throws dev.mlops.error.UnavailableException if no identity gives one
   */
  @Override
  public String get() {
    AccessToken current = token;
    if (current == null
        || clock.instant().plus(EARLY).isAfter(current.getExpiresAt().toInstant())) {
      current = credential.getTokenSync(scope);
      token = current;
    }
    return current.getToken();
  }

  @Override
  public String toString() {
    return "AzureMlMlflow[" + uri + "]";
  }
}
