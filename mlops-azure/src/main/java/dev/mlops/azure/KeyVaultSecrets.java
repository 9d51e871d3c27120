package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.security.keyvault.secrets.SecretAsyncClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import dev.mlops.azure.internal.CachedSecret;
import dev.mlops.azure.internal.Failures;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.UnavailableException;
import dev.mlops.secret.Secret;
import dev.mlops.secret.SecretSource;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of an Azure Key Vault, kept in memory for a stated time. Safe for use by several threads.
 *
 * <p>A value younger than {@code refreshAfter} (5 minutes by default) is returned without asking,
 * so the first call after that time sees a rotation. An older one is asked for again by one thread,
 * while the others have the last value; so have all while the vault does not answer, throttles or
 * refuses the identity, until the value is {@code maxAge} old (1 hour by default). A vault that
 * says no for good is believed at once: a secret that was deleted or disabled is not returned any
 * longer.
 *
 * <p>Values appear in no message, no log and no {@code toString}.
 */
public final class KeyVaultSecrets implements SecretSource {
  private static final Pattern NAME = Pattern.compile("[0-9a-zA-Z-]{1,127}");
  private static final Pattern VERSION = Pattern.compile("[0-9a-zA-Z]{1,64}");

  private final ConcurrentMap<String, CachedSecret> cache = new ConcurrentHashMap<>();
  private final Supplier<SecretAsyncClient> clients;
  private final URI vault;
  private final Duration refreshAfter;
  private final Duration maxAge;
  private final Duration timeout;
  private final Clock clock;
  private volatile SecretAsyncClient client;

  private KeyVaultSecrets(Builder builder) {
    this.vault = builder.vault;
    this.refreshAfter = builder.refreshAfter;
    this.maxAge = builder.maxAge;
    this.timeout = builder.timeout;
    this.clock = builder.clock;
    if (maxAge.compareTo(refreshAfter) < 0) {
      throw new InvalidInputException(
          "maxAge must be >= refreshAfter (" + refreshAfter + "), got " + maxAge);
    }
    HttpClient http = builder.httpClient != null
        ? builder.httpClient
        : HttpClients.create(Duration.ofSeconds(3), Duration.ofSeconds(10));
    var described = new SecretClientBuilder()
        .vaultUrl(vault.toString())
        .credential(builder.credential)
        .httpClient(http)
        .retryOptions(new RetryOptions(new ExponentialBackoffOptions()
            .setMaxRetries(3)
            .setBaseDelay(Duration.ofMillis(200))
            .setMaxDelay(Duration.ofSeconds(2))));
    if (!builder.verifyChallengeResource) {
      described.disableChallengeResourceVerification();
    }
    this.clients = described::buildAsyncClient;
    this.client = clients.get();
  }

  /**
   * Starts to describe the access to a vault.
   *
   * @param vaultUrl {@code https://name.vault.azure.net}
   * @param credential an identity with the role Key Vault Secrets User
   * @return a builder
   * @throws InvalidInputException if the address is not an https one
   */
  public static Builder builder(String vaultUrl, TokenCredential credential) {
    return new Builder(vaultUrl, credential);
  }

  /**
   * The latest version of a secret.
   *
   * @param name the secret: letters, digits and dashes
   * @return the secret, at most {@code maxAge} old; empty if there is none, or it is deleted
   * @throws UnavailableException if it is disabled, or the vault gives no answer and no value is
   *     young enough
   * @throws InvalidInputException if the name is not one
   */
  @Override
  public Optional<Secret> find(String name) {
    return find(name, "", refreshAfter);
  }

  /**
   * One version of a secret. It never changes, so it is asked for once per {@code maxAge}.
   *
   * @param name the secret
   * @param version the version
   * @return the secret; empty if there is no such version
   * @throws UnavailableException if it is disabled, or the vault gives no answer
   * @throws InvalidInputException if the name or the version is not one
   */
  public Optional<Secret> find(String name, String version) {
    if (!VERSION.matcher(version).matches()) {
      throw new InvalidInputException(
          "a secret's version must match " + VERSION + ", got '" + version + "'");
    }
    return find(name, version, maxAge);
  }

  private Optional<Secret> find(String name, String version, Duration refresh) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "a secret's name must match " + NAME + ", got '" + name + "'");
    }
    String key = version.isEmpty() ? name : name + "/" + version;
    return cache
        .computeIfAbsent(key, added -> new CachedSecret(added, refresh, maxAge, clock))
        .value(() -> fetch(name, version));
  }

  private Optional<Secret> fetch(String name, String version) {
    try {
      return Optional.of(ask(name, version));
    } catch (HttpResponseException e) {
      if (status(e) == 404) {
        return Optional.empty();
      }
      if (status(e) != 401) {
        throw refused(e, name);
      }
    }
    // The client keeps a token until it expires, also one that the vault no longer accepts; a new
    // client has none.
    client = clients.get();
    try {
      return Optional.of(ask(name, version));
    } catch (HttpResponseException e) {
      if (status(e) == 404) {
        return Optional.empty();
      }
      throw refused(e, name);
    }
  }

  private Secret ask(String name, String version) {
    try {
      String value = client
          .getSecret(name, version.isEmpty() ? null : version)
          .map(secret -> secret.getValue() == null ? "" : secret.getValue())
          .block(timeout);
      if (value == null) {
        throw new UnavailableException("secret '" + name + "' has no value");
      }
      return Secret.of(value);
    } catch (MlopsException | HttpResponseException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnavailableException(vault.getHost() + " gave no answer for secret '" + name
          + "' within " + timeout + ": " + Failures.reason(e));
    }
  }

  private RuntimeException refused(HttpResponseException e, String name) {
    String reason = String.valueOf(e.getMessage());
    if (reason.contains("SecretDisabled") || reason.contains("disabled secret")) {
      return new CachedSecret.Disabled(
          "secret '" + name + "' in " + vault.getHost() + " is disabled");
    }
    int status = status(e);
    return new UnavailableException(vault.getHost() + " answered " + status + " for secret '" + name
        + "'"
        + (status == 403 || status == 401
            ? "; the identity needs the role Key Vault Secrets User"
            : ""));
  }

  private static int status(HttpResponseException e) {
    return e.getResponse() == null ? 0 : e.getResponse().getStatusCode();
  }

  @Override
  public String toString() {
    return "KeyVaultSecrets[" + vault.getHost() + ", cached=" + cache.size() + "]";
  }

  /** Describes the access to a vault. Not safe for use by several threads. */
  public static final class Builder {
    private final URI vault;
    private final TokenCredential credential;
    private @Nullable HttpClient httpClient;
    private Duration refreshAfter = Duration.ofMinutes(5);
    private Duration maxAge = Duration.ofHours(1);
    private Duration timeout = Duration.ofSeconds(15);
    private Clock clock = Clock.systemUTC();
    private boolean verifyChallengeResource = true;

    private Builder(String vaultUrl, TokenCredential credential) {
      this.credential = requireNonNull(credential, "credential");
      try {
        this.vault = URI.create(vaultUrl);
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(
            "the vault's address must be a URL, got '" + vaultUrl + "'", e);
      }
      if (!"https".equals(vault.getScheme()) || vault.getHost() == null) {
        throw new InvalidInputException(
            "the vault's address must look like https://name.vault.azure.net, got '" + vaultUrl
                + "'");
      }
    }

    /**
     * Sets the age from which a value is asked for again; 5 minutes by default.
     *
     * @param value the age
     * @return this
     */
    public Builder refreshAfter(Duration value) {
      refreshAfter = requireNonNull(value, "refreshAfter");
      return this;
    }

    /**
     * Sets the age up to which a value serves while the vault gives no answer; 1 hour by default.
     *
     * @param value the age
     * @return this
     */
    public Builder maxAge(Duration value) {
      maxAge = requireNonNull(value, "maxAge");
      return this;
    }

    /**
     * Sets how long one request may take with all its retries; 15 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder timeout(Duration value) {
      timeout = requireNonNull(value, "timeout");
      return this;
    }

    /**
     * Sets the clock that tells ages.
     *
     * @param value the clock
     * @return this
     */
    public Builder clock(Clock value) {
      clock = requireNonNull(value, "clock");
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
     * Sets whether a vault may only ask for tokens of its own domain; true by default. Turn it off
     * for a vault behind another name only: it keeps a forged vault from obtaining tokens.
     *
     * @param value whether to check
     * @return this
     */
    public Builder verifyChallengeResource(boolean value) {
      verifyChallengeResource = value;
      return this;
    }

    /**
     * Finishes the description. Nothing is asked for yet.
     *
     * @return the secrets
     * @throws InvalidInputException if maxAge is less than refreshAfter
     */
    public KeyVaultSecrets build() {
      return new KeyVaultSecrets(this);
    }
  }
}
