package dev.mlops.azure;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.AssignmentStore;
import dev.mlops.abtest.error.AbTestException;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.azure.internal.Ids;
import dev.mlops.error.MlopsException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers variants in a Cosmos DB container, shared by all processes that assign. Looking up is a
 * point read, remembering a conditional create: of two processes that assign one unit at once, both
 * answer with the variant of the first. Units are kept as SHA-256, never as they are. A call that
 * fails throws {@link AbTestException.Unavailable}. Safe for use by several threads.
 */
public final class CosmosAssignmentStore implements AssignmentStore {
  private static final int PARTS = 64;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CosmosDb.Container container;

  private CosmosAssignmentStore(CosmosDb.Container container) {
    this.container = container;
  }

  /**
   * Opens the store in a container.
   *
   * @param account the database
   * @param container the container, partitioned by {@code /pk}
   * @return the store
   * @throws dev.mlops.error.UnavailableException if the account does not answer
   */
  public static CosmosAssignmentStore open(CosmosAccount account, String container) {
    return new CosmosAssignmentStore(account.database().container(container));
  }

  @Override
  public Optional<String> find(String salt, String unitId) {
    String id = Ids.digest(salt + '\0' + unitId);
    return asked(() -> container
        .read(pk(salt, id), id)
        .map(stored -> stored.document().path("variant").asText()));
  }

  @Override
  public String putIfAbsent(String salt, String unitId, String variant) {
    String id = Ids.digest(salt + '\0' + unitId);
    ObjectNode document = JSON.createObjectNode()
        .put("id", id)
        .put("pk", pk(salt, id))
        .put("formatVersion", 1)
        .put("variant", variant);
    if (asked(() -> container.create(pk(salt, id), document))) {
      return variant;
    }
    return find(salt, unitId)
        .orElseThrow(() -> new AbTestException.Unavailable(
            "an assignment was deleted while it was being read; experiment salt '" + salt + "'",
            null));
  }

  /** Speaks of failures as the port's other stores do. */
  private static <T> T asked(Supplier<T> call) {
    try {
      return call.get();
    } catch (MlopsException e) {
      throw new AbTestException.Unavailable("assignments: " + e.getMessage(), e);
    }
  }

  private static String pk(String salt, String id) {
    return salt + "/" + Integer.parseInt(id.substring(0, 2), 16) % PARTS;
  }
}
