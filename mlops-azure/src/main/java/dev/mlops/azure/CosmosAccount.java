package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A database of an Azure Cosmos DB account (NoSQL API), shared by the stores that keep something in
 * it. Safe for use by several threads.
 *
 * <p>Needs the dependency {@code com.azure:azure-cosmos}, which is optional because it brings
 * Netty. Throttling (429) is waited out as the service says, up to the throttle wait.
 */
public final class CosmosAccount implements AutoCloseable {
  private final CosmosDb database;
  private final String endpoint;

  private CosmosAccount(Builder builder) {
    try {
      Class.forName("com.azure.cosmos.CosmosClient", false, CosmosAccount.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UnavailableException(
          "Cosmos DB needs the optional dependency com.azure:azure-cosmos (4.81.0 is"
              + " tested); add it to the application, with io.netty:netty-bom:4.1.137.Final imported before it");
    }
    this.endpoint = builder.endpoint;
    this.database = CosmosDb.open(
        builder.endpoint,
        builder.key,
        builder.credential,
        builder.database,
        builder.create,
        builder.discovery,
        builder.throttleWait);
  }

  /**
   * Starts to describe a database.
   *
   * @param endpoint {@code https://account.documents.azure.com:443/}
   * @param database the database
   * @return a builder
   * @throws InvalidInputException if the endpoint is no address
   */
  public static Builder builder(String endpoint, String database) {
    return new Builder(endpoint, database);
  }

  CosmosDb database() {
    return database;
  }

  /** Closes the connections. */
  @Override
  public void close() {
    database.close();
  }

  @Override
  public String toString() {
    return "CosmosAccount[" + endpoint + "]";
  }

  /** Describes a database. Not safe for use by several threads. */
  public static final class Builder {
    private final String endpoint;
    private final String database;
    private @Nullable String key;
    private @Nullable TokenCredential credential;
    private boolean create;
    private boolean discovery = true;
    private Duration throttleWait = Duration.ofSeconds(30);

    private Builder(String endpoint, String database) {
      this.endpoint = endpoint;
      this.database = requireNonNull(database, "database");
      try {
        if (URI.create(endpoint).getHost() == null) {
          throw new InvalidInputException(
              "the Cosmos DB endpoint must be a URL, got '" + endpoint + "'");
        }
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(
            "the Cosmos DB endpoint must be a URL, got '" + endpoint + "'", e);
      }
    }

    /**
     * Sets the account's key.
     *
     * @param value the key
     * @return this
     */
    public Builder key(String value) {
      key = requireNonNull(value, "key");
      return this;
    }

    /**
     * Sets an identity with the data contributor role.
     *
     * @param value the credential
     * @return this
     */
    public Builder credential(TokenCredential value) {
      credential = requireNonNull(value, "credential");
      return this;
    }

    /**
     * Creates the database, and the containers of the stores, if they are missing. Needs the key:
     * an identity with data roles may not.
     *
     * @return this
     */
    public Builder createIfMissing() {
      create = true;
      return this;
    }

    /**
     * Sets whether the account's regions are asked for; true by default. Turn it off for an
     * emulator.
     *
     * @param value whether to ask
     * @return this
     */
    public Builder endpointDiscovery(boolean value) {
      discovery = value;
      return this;
    }

    /**
     * Sets how long one call may wait out throttling; 30 seconds by default.
     *
     * @param value the time
     * @return this
     */
    public Builder throttleWait(Duration value) {
      throttleWait = requireNonNull(value, "throttleWait");
      return this;
    }

    /**
     * Connects.
     *
     * @return the database
     * @throws InvalidInputException if there is neither a key nor a credential, or both
     * @throws UnavailableException if azure-cosmos is missing or the account does not answer
     */
    public CosmosAccount build() {
      if ((key == null) == (credential == null)) {
        throw new InvalidInputException("Cosmos DB needs either a key or a credential, got "
            + (key == null ? "neither" : "both"));
      }
      return new CosmosAccount(this);
    }
  }
}
