package dev.mlops.azure.internal;

import com.azure.core.credential.TokenCredential;
import com.azure.cosmos.CosmosClient;
import com.azure.cosmos.CosmosClientBuilder;
import com.azure.cosmos.CosmosContainer;
import com.azure.cosmos.CosmosDatabase;
import com.azure.cosmos.CosmosException;
import com.azure.cosmos.GatewayConnectionConfig;
import com.azure.cosmos.ThrottlingRetryOptions;
import com.azure.cosmos.models.CosmosBulkOperationResponse;
import com.azure.cosmos.models.CosmosBulkOperations;
import com.azure.cosmos.models.CosmosItemOperation;
import com.azure.cosmos.models.CosmosItemRequestOptions;
import com.azure.cosmos.models.CosmosQueryRequestOptions;
import com.azure.cosmos.models.FeedResponse;
import com.azure.cosmos.models.PartitionKey;
import com.azure.cosmos.models.SqlParameter;
import com.azure.cosmos.models.SqlQuerySpec;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The few calls the stores make; every container is partitioned by {@code /pk}. */
public final class CosmosDb implements AutoCloseable {
  private static final int CONFLICT = 409;

  private final CosmosClient client;
  private final CosmosDatabase database;
  private final boolean create;

  private CosmosDb(CosmosClient client, CosmosDatabase database, boolean create) {
    this.client = client;
    this.database = database;
    this.create = create;
  }

  /** Connects. */
  public static CosmosDb open(
      String endpoint,
      @Nullable String key,
      @Nullable TokenCredential credential,
      String name,
      boolean create,
      boolean discovery,
      Duration throttleWait) {
    CosmosClientBuilder builder = new CosmosClientBuilder()
        .endpoint(endpoint)
        .gatewayMode(new GatewayConnectionConfig())
        .endpointDiscoveryEnabled(discovery)
        .contentResponseOnWriteEnabled(false)
        .throttlingRetryOptions(new ThrottlingRetryOptions()
            .setMaxRetryAttemptsOnThrottledRequests(Integer.MAX_VALUE)
            .setMaxRetryWaitTime(throttleWait));
    if (key != null) {
      builder.key(key);
    } else {
      builder.credential(credential);
    }
    CosmosClient client;
    try {
      client = builder.buildClient();
    } catch (RuntimeException e) {
      throw new UnavailableException(
          "Cosmos DB at " + endpoint + " cannot be reached: " + Failures.reason(e), e);
    }
    try {
      if (create) {
        unlessThere(() -> client.createDatabaseIfNotExists(name));
      }
      return new CosmosDb(client, client.getDatabase(name), create);
    } catch (RuntimeException e) {
      client.close();
      throw failure("opening database '" + name + "'", e);
    }
  }

  /** A container that exists. */
  public Container container(String name) {
    if (create) {
      try {
        unlessThere(() -> database.createContainerIfNotExists(name, "/pk"));
      } catch (RuntimeException e) {
        throw failure("creating container '" + name + "'", e);
      }
    }
    return new Container(database.getContainer(name));
  }

  /**
   * The client looks and then creates: in between another process may create, and when an answer is
   * lost the client itself has done it before.
   */
  private static void unlessThere(Runnable creation) {
    try {
      creation.run();
    } catch (CosmosException e) {
      if (e.getStatusCode() != CONFLICT) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** What a document was when it was read. */
  public record Stored(ObjectNode document, String etag) {}

  private static MlopsException failure(String what, RuntimeException e) {
    if (e instanceof MlopsException typed) {
      return typed;
    }
    if (e instanceof CosmosException cosmos) {
      String message = "Cosmos DB: " + what + " was answered with " + cosmos.getStatusCode() + "/"
          + cosmos.getSubStatusCode();
      return switch (cosmos.getStatusCode()) {
        case 404 ->
          new NotFoundException(message + "; the database or container does not exist", e);
        case 400, 413 -> new InvalidInputException(message, e);
        case 401, 403 ->
          new UnavailableException(
              message + "; the identity needs the role Cosmos DB Built-in Data Contributor", e);
        default -> new UnavailableException(message, e);
      };
    }
    return new UnavailableException("Cosmos DB: " + what + " failed: " + Failures.reason(e), e);
  }

  /**
   * What became of documents that were to be created.
   *
   * @param left those that were not, and may be when tried again: throttled, or without an answer
   * @param refused how many were refused for good
   * @param statuses how many of both had which status; 0 for none
   */
  public record Created(List<ObjectNode> left, int refused, Map<Integer, Integer> statuses) {}

  private record Status(int code, int sub) {
    static Status of(CosmosBulkOperationResponse<?> response) {
      if (response.getResponse() != null) {
        return new Status(
            response.getResponse().getStatusCode(), response.getResponse().getSubStatusCode());
      }
      return response.getException() instanceof CosmosException e
          ? new Status(e.getStatusCode(), e.getSubStatusCode())
          : new Status(0, 0);
    }

    /** 403/3 and 403/1008 are what a region says that has just lost its role in a failover. */
    boolean isPassing() {
      return switch (code) {
        case 0, 408, 410, 429, 449 -> true;
        case 403 -> sub == 3 || sub == 1008;
        default -> code >= 500;
      };
    }
  }

  /** One container. */
  public static final class Container {
    private final CosmosContainer container;

    private Container(CosmosContainer container) {
      this.container = container;
    }

    /** Creates a document; false if its id is taken. */
    public boolean create(String pk, ObjectNode document) {
      try {
        container.createItem(document, new PartitionKey(pk), new CosmosItemRequestOptions());
        return true;
      } catch (CosmosException e) {
        if (e.getStatusCode() == CONFLICT) {
          return false;
        }
        throw failure("creating a document", e);
      } catch (RuntimeException e) {
        throw failure("creating a document", e);
      }
    }

    /** Reads a document by its key: the cheapest call there is. */
    public Optional<Stored> read(String pk, String id) {
      try {
        var response = container.readItem(id, new PartitionKey(pk), ObjectNode.class);
        return Optional.of(new Stored(response.getItem(), response.getETag()));
      } catch (CosmosException e) {
        // 404/1003: the container itself is missing.
        if (e.getStatusCode() == 404 && e.getSubStatusCode() == 0) {
          return Optional.empty();
        }
        throw failure("reading a document", e);
      } catch (RuntimeException e) {
        throw failure("reading a document", e);
      }
    }

    /** Replaces a document that nobody changed since it was read; false if somebody did. */
    public boolean replace(String pk, String id, ObjectNode document, String etag) {
      try {
        container.replaceItem(
            document,
            id,
            new PartitionKey(pk),
            new CosmosItemRequestOptions().setIfMatchETag(etag));
        return true;
      } catch (CosmosException e) {
        if (e.getStatusCode() == 412 || e.getStatusCode() == 404) {
          return false;
        }
        throw failure("replacing a document", e);
      } catch (RuntimeException e) {
        throw failure("replacing a document", e);
      }
    }

    /** Creates many documents; one that is there already counts as created. */
    public Created createAll(List<ObjectNode> documents) {
      List<CosmosItemOperation> operations = new ArrayList<>(documents.size());
      for (ObjectNode document : documents) {
        operations.add(CosmosBulkOperations.getCreateItemOperation(
            document, new PartitionKey(document.get("pk").asText()), operations.size()));
      }
      BitSet settled = new BitSet();
      int refused = 0;
      Map<Integer, Integer> statuses = new TreeMap<>();
      try {
        for (var response : container.executeBulkOperations(operations)) {
          Status status = Status.of(response);
          // 409: it arrived before, when the answer to an earlier attempt was lost.
          boolean created = status.code == 201 || status.code == 200 || status.code == CONFLICT;
          if (!created) {
            statuses.merge(status.code, 1, Integer::sum);
          }
          if (created || !status.isPassing()) {
            int place = response.getOperation().getContext();
            settled.set(place);
          }
          refused += created || status.isPassing() ? 0 : 1;
        }
      } catch (RuntimeException e) {
        throw failure("writing " + documents.size() + " documents", e);
      }
      List<ObjectNode> left = new ArrayList<>();
      for (int i = 0; i < documents.size(); i++) {
        if (!settled.get(i)) {
          left.add(documents.get(i));
        }
      }
      return new Created(left, refused, statuses);
    }

    /** The documents of one partition that a query selects, a page at a time. */
    public Iterator<ObjectNode> query(
        String pk, String sql, Map<String, ?> parameters, int pageSize) {
      List<SqlParameter> all = new ArrayList<>();
      all.add(new SqlParameter("@pk", pk));
      parameters.forEach((name, value) -> all.add(new SqlParameter(name, value)));
      Iterator<FeedResponse<ObjectNode>> pages;
      try {
        pages = container
            .queryItems(
                new SqlQuerySpec(sql, all),
                new CosmosQueryRequestOptions().setPartitionKey(new PartitionKey(pk)),
                ObjectNode.class)
            .iterableByPage(pageSize)
            .iterator();
      } catch (RuntimeException e) {
        throw failure("a query", e);
      }
      return new Paged<>(pages, page -> page.getResults().iterator(), e -> failure("a query", e));
    }
  }

  /** Items of pages, of which one is in memory at a time. */
  static final class Paged<P, T> implements Iterator<T> {
    private final Iterator<P> pages;
    private final Function<P, Iterator<T>> items;
    private final Function<RuntimeException, ? extends RuntimeException> failure;
    private Iterator<T> page = List.<T>of().iterator();

    Paged(
        Iterator<P> pages,
        Function<P, Iterator<T>> items,
        Function<RuntimeException, ? extends RuntimeException> failure) {
      this.pages = pages;
      this.items = items;
      this.failure = failure;
    }

    @Override
    public boolean hasNext() {
      try {
        while (!page.hasNext()) {
          if (!pages.hasNext()) {
            return false;
          }
          page = items.apply(pages.next());
        }
        return true;
      } catch (RuntimeException e) {
        throw failure.apply(e);
      }
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      return page.next();
    }
  }
}
