package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.util.BinaryData;
import com.azure.core.util.FluxUtil;
import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.mlops.azure.internal.BlobCalls;
import dev.mlops.azure.internal.HttpClients;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Objects in a container of Azure Blob Storage. A registry runs on it as on a directory. Safe for
 * use by several threads and processes.
 *
 * <p>An object is created with {@code If-None-Match: *}, so the service lets exactly one writer
 * win. Every write carries an id: when the answer to it was lost and a second attempt finds the
 * object there, the id tells whether it is this writer's own. Throttling (429, 503; Retry-After is
 * respected) and lost connections are tried again with jittered, growing pauses until the timeout.
 */
public final class BlobObjectStore implements ObjectStore {
  private static final String WRITE_ID = "mlopswrite";

  private final BlobContainerAsyncClient container;
  private final String prefix;
  private final BlobCalls calls;

  private BlobObjectStore(Builder builder) {
    HttpClient http = builder.httpClient != null
        ? builder.httpClient
        : HttpClients.create(Duration.ofSeconds(5), Duration.ofSeconds(30));
    // The SDK counts in whole seconds.
    Duration tryTimeout = builder.timeout.plusSeconds(1);
    // One try: what a failed try means for a conditional write is decided here, not in the SDK.
    var clients = new BlobContainerClientBuilder()
        .httpClient(http)
        .retryOptions(new RequestRetryOptions(
            RetryPolicyType.FIXED,
            1,
            tryTimeout,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            null));
    // No cause below: it may quote the key or the signature.
    if (builder.connectionString != null) {
      try {
        clients.connectionString(builder.connectionString).containerName(builder.container);
        this.container = clients.buildAsyncClient();
      } catch (RuntimeException e) {
        throw new InvalidInputException(
            "the connection string of the storage account is not usable");
      }
    } else {
      String url = requireNonNull(builder.containerUrl, "containerUrl");
      // Before the SDK sees it, which logs and quotes what it cannot read, signature and all.
      if (!isContainerUrl(url)) {
        throw unusableUrl();
      }
      if (builder.credential != null) {
        clients.credential(builder.credential);
      }
      try {
        this.container = clients.endpoint(url).buildAsyncClient();
      } catch (RuntimeException e) {
        throw unusableUrl();
      }
    }
    this.prefix = builder.prefix;
    this.calls = new BlobCalls(builder.timeout, container.getBlobContainerName());
    if (builder.create) {
      calls.run("creating container", () -> container.createIfNotExists());
    }
  }

  private static boolean isContainerUrl(String url) {
    try {
      URI uri = new URI(url);
      return ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getPath().length() > 1;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static InvalidInputException unusableUrl() {
    return new InvalidInputException(
        "the container's URL must look like https://account.blob.core.windows.net/container; the"
            + " value is not shown, for it may hold a signature");
  }

  /**
   * Starts to describe a store by the address of its container.
   *
   * @param containerUrl {@code https://account.blob.core.windows.net/container}, with a shared
   *     access signature if no credential is given
   * @return a builder
   */
  public static Builder builder(String containerUrl) {
    return new Builder(requireNonNull(containerUrl, "containerUrl"), null, "");
  }

  /**
   * Starts to describe a store by the connection string of its account.
   *
   * @param connectionString the connection string
   * @param container the container's name
   * @return a builder
   */
  public static Builder builder(String connectionString, String container) {
    return new Builder(
        null,
        requireNonNull(connectionString, "connectionString"),
        requireNonNull(container, "container"));
  }

  @Override
  public Optional<byte[]> get(String key) {
    return get(key, Long.MAX_VALUE);
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    BlobAsyncClient blob = blob(key);
    return calls.find("reading " + key, () -> content(blob, key, maxBytes));
  }

  @Override
  public List<Optional<byte[]>> getLeading(List<String> keys, long maxBytes) {
    List<Supplier<Mono<byte[]>>> reads = new ArrayList<>();
    for (String key : keys) {
      BlobAsyncClient blob = blob(key);
      reads.add(() -> content(blob, key, maxBytes));
    }
    return calls.leading("reading " + keys.get(0), reads);
  }

  private static Mono<byte[]> content(BlobAsyncClient blob, String key, long maxBytes) {
    return blob.downloadStreamWithResponse(null, null, null, false).flatMap(response -> {
      Long size = response.getDeserializedHeaders().getContentLength();
      if (size != null && size > maxBytes) {
        // The first bytes are taken and the rest is cancelled: what is not read holds its
        // connection.
        return response
            .getValue()
            .next()
            .then(Mono.error(new CorruptException("object " + key + " has " + size
                + " bytes, at most " + maxBytes + " are accepted")));
      }
      return FluxUtil.collectBytesInByteBufferStream(response.getValue())
          .defaultIfEmpty(new byte[0]);
    });
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    BlobAsyncClient blob = blob(key);
    String id = UUID.randomUUID().toString();
    byte[] copy = content.clone();
    return calls.create(
        "writing " + key,
        () -> blob.getBlockBlobAsyncClient()
            .uploadWithResponse(new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(copy))
                .setMetadata(Map.of(WRITE_ID, id))
                .setRequestConditions(new BlobRequestConditions().setIfNoneMatch("*"))),
        () -> blob.getProperties().map(found -> id.equals(found.getMetadata().get(WRITE_ID))));
  }

  @Override
  public List<String> list(String prefix) {
    ObjectStore.requirePrefix(prefix);
    return calls.run(
        "listing '" + prefix + "'",
        () -> container
            .listBlobs(new ListBlobsOptions().setPrefix(this.prefix + prefix))
            .map(BlobItem::getName)
            .map(name -> name.substring(this.prefix.length()))
            .sort()
            .collectList());
  }

  @Override
  public void delete(String key) {
    BlobAsyncClient blob = blob(key);
    calls.run("deleting " + key, blob::deleteIfExists);
  }

  /** Does nothing: connections are shared and close by themselves. */
  @Override
  public void close() {}

  @Override
  public String toString() {
    return "BlobObjectStore[" + container.getAccountName() + "/" + container.getBlobContainerName()
        + "/" + prefix + "]";
  }

  private BlobAsyncClient blob(String key) {
    return container.getBlobAsyncClient(prefix + ObjectStore.requireKey(key));
  }

  /** Describes a store. Not safe for use by several threads. */
  public static final class Builder {
    private final @Nullable String containerUrl;
    private final @Nullable String connectionString;
    private final String container;
    private @Nullable TokenCredential credential;
    private @Nullable HttpClient httpClient;
    private Duration timeout = Duration.ofSeconds(30);
    private String prefix = "";
    private boolean create;

    private Builder(
        @Nullable String containerUrl, @Nullable String connectionString, String container) {
      this.containerUrl = containerUrl;
      this.connectionString = connectionString;
      this.container = container;
    }

    /**
     * Sets the identity; needs the role Storage Blob Data Contributor.
     *
     * @param value the credential
     * @return this
     */
    public Builder credential(TokenCredential value) {
      if (connectionString != null) {
        throw new InvalidInputException("a connection string carries its own credential");
      }
      credential = requireNonNull(value, "credential");
      return this;
    }

    /**
     * Keeps all objects below a directory of the container; at its top by default.
     *
     * @param directory a key followed by {@code /}, or empty
     * @return this
     */
    public Builder prefix(String directory) {
      prefix = ObjectStore.requirePrefix(directory);
      return this;
    }

    /**
     * Creates the container if it is missing.
     *
     * @return this
     */
    public Builder createContainer() {
      create = true;
      return this;
    }

    /**
     * Sets how long a call may take with all its attempts; 30 seconds by default.
     *
     * @param value the timeout
     * @return this
     */
    public Builder timeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new InvalidInputException("timeout must be above zero, got " + value);
      }
      timeout = value;
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
     * Opens the store.
     *
     * @return the store
     * @throws InvalidInputException if the connection string or the address is not usable
     * @throws UnavailableException if the container was to be created and the account does not
     *     answer
     */
    public BlobObjectStore build() {
      return new BlobObjectStore(this);
    }
  }
}
