package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.identity.AzureAuthorityHosts;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import dev.mlops.azure.internal.CredentialChain;
import dev.mlops.azure.internal.CredentialChain.Attempt;
import dev.mlops.azure.internal.HttpClients;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The identity of this process, found from its environment: a client secret or certificate,
 * workload identity, managed identity (App Service or a virtual machine), the Azure CLI, in this
 * order. The first that gives a token is kept.
 *
 * <p>When none does, the credential throws {@link dev.mlops.error.UnavailableException} with one
 * line per identity: what was tried and why it failed, or which variable is missing. It takes no
 * longer than the timeout, 10 seconds by default: with a cold start of the JVM it stays within 15.
 * Once an identity is configured and the authority refuses it or does not answer, no other is
 * tried: a service must not run under another name because its secret is wrong. When the metadata
 * service of a virtual machine does not answer in time, the Azure CLI may give a token, but is not
 * kept: the next token is asked of all again.
 */
public final class AzureIdentity {
  private static final Set<String> KNOWN_AUTHORITIES = Stream.of(
          AzureAuthorityHosts.AZURE_PUBLIC_CLOUD,
          AzureAuthorityHosts.AZURE_CHINA,
          AzureAuthorityHosts.AZURE_GOVERNMENT)
      .map(AzureIdentity::withoutSlash)
      .collect(Collectors.toUnmodifiableSet());

  private AzureIdentity() {}

  /**
   * The identity of this process.
   *
   * @return a credential, safe for use by several threads
   */
  public static TokenCredential fromEnvironment() {
    return builder().build();
  }

  /**
   * Starts to describe an identity.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Describes an identity. Not safe for use by several threads. */
  public static final class Builder {
    private Map<String, String> environment = System.getenv();
    private Duration timeout = Duration.ofSeconds(10);
    private @Nullable HttpClient httpClient;

    private Builder() {}

    /**
     * Sets the variables to read; the process's own by default. Managed identity reads the
     * process's own in any case.
     *
     * @param variables by name
     * @return this
     */
    public Builder environment(Map<String, String> variables) {
      environment = Map.copyOf(variables);
      return this;
    }

    /**
     * Sets how long all identities together may take; 10 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder timeout(Duration value) {
      timeout = requireNonNull(value, "timeout");
      return this;
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
     * Finishes the description. Nothing is tried before the first token is asked for.
     *
     * @return a credential, safe for use by several threads
     */
    public TokenCredential build() {
      HttpClient http = httpClient != null
          ? httpClient
          : HttpClients.create(Duration.ofSeconds(3), Duration.ofSeconds(10));
      List<Attempt> attempts = new ArrayList<>();
      attempts.add(clientSecret(http));
      attempts.add(clientCertificate(http));
      attempts.add(workloadIdentity(http));
      attempts.add(managedIdentity(http));
      attempts.add(azureCli());
      Set<String> secrets = Stream.of("AZURE_CLIENT_SECRET", "IDENTITY_HEADER")
          .map(environment::get)
          .filter(value -> value != null && !value.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
      return new CredentialChain(attempts, timeout, secrets);
    }

    private Attempt clientSecret(HttpClient http) {
      return missing("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
          .map(reason -> Attempt.missing("client secret", reason))
          .orElseGet(() -> {
            var builder = new ClientSecretCredentialBuilder()
                .tenantId(environment.get("AZURE_TENANT_ID"))
                .clientId(environment.get("AZURE_CLIENT_ID"))
                .clientSecret(environment.get("AZURE_CLIENT_SECRET"))
                .httpClient(http);
            privateAuthority()
                .ifPresent(host -> builder.authorityHost(host).disableInstanceDiscovery());
            return Attempt.of("client secret", builder.build());
          });
    }

    private Attempt clientCertificate(HttpClient http) {
      return missing("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH")
          .map(reason -> Attempt.missing("client certificate", reason))
          .orElseGet(() -> {
            var builder = new ClientCertificateCredentialBuilder()
                .tenantId(environment.get("AZURE_TENANT_ID"))
                .clientId(environment.get("AZURE_CLIENT_ID"))
                .pemCertificate(environment.get("AZURE_CLIENT_CERTIFICATE_PATH"))
                .httpClient(http);
            privateAuthority()
                .ifPresent(host -> builder.authorityHost(host).disableInstanceDiscovery());
            return Attempt.of("client certificate", builder.build());
          });
    }

    private Attempt workloadIdentity(HttpClient http) {
      return missing("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE")
          .map(reason -> Attempt.missing("workload identity", reason))
          .orElseGet(() -> {
            String file = environment.getOrDefault("AZURE_FEDERATED_TOKEN_FILE", "");
            if (!Files.isReadable(Path.of(file))) {
              return Attempt.missing("workload identity", file + " cannot be read");
            }
            var builder = new WorkloadIdentityCredentialBuilder()
                .tenantId(environment.get("AZURE_TENANT_ID"))
                .clientId(environment.get("AZURE_CLIENT_ID"))
                .tokenFilePath(file)
                .httpClient(http);
            privateAuthority()
                .ifPresent(host -> builder.authorityHost(host).disableInstanceDiscovery());
            return Attempt.of("workload identity", builder.build());
          });
    }

    private Attempt managedIdentity(HttpClient http) {
      var builder = new ManagedIdentityCredentialBuilder().httpClient(http);
      String clientId = environment.get("AZURE_CLIENT_ID");
      if (clientId != null && !clientId.isBlank()) {
        builder.clientId(clientId);
      }
      return environment.containsKey("IDENTITY_ENDPOINT")
          ? Attempt.of("managed identity (App Service)", builder.build())
          : Attempt.probe("managed identity (virtual machine)", builder.build());
    }

    private Attempt azureCli() {
      String path = environment.getOrDefault("PATH", "");
      boolean found = Stream.of(path.split(File.pathSeparator))
          .filter(directory -> !directory.isEmpty())
          .anyMatch(directory -> Files.isExecutable(Path.of(directory, "az"))
              || Files.isExecutable(Path.of(directory, "az.cmd")));
      return found
          ? Attempt.probe("Azure CLI", new AzureCliCredentialBuilder().build())
          : Attempt.missing("Azure CLI", "az is not on the PATH");
    }

    private Optional<String> privateAuthority() {
      return Optional.ofNullable(environment.get("AZURE_AUTHORITY_HOST"))
          .map(AzureIdentity::withoutSlash)
          .filter(host -> !host.isBlank() && !KNOWN_AUTHORITIES.contains(host))
          .map(host -> host + "/");
    }

    private Optional<String> missing(String... names) {
      List<String> missing = Stream.of(names)
          .filter(name -> environment.getOrDefault(name, "").isBlank())
          .toList();
      return missing.isEmpty()
          ? Optional.empty()
          : Optional.of(
              String.join(", ", missing) + (missing.size() == 1 ? " is" : " are") + " not set");
    }
  }
}
