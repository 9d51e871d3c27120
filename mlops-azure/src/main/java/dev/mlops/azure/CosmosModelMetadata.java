package dev.mlops.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a registry knows about its versions, projected to documents that other programs can query:
 * one per version, partitioned by model. The registry's log stays the truth; projecting again, from
 * any process, in any order, changes nothing. Safe for use by several threads.
 */
public final class CosmosModelMetadata {
  private static final int FORMAT_VERSION = 1;
  private static final int ATTEMPTS = 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final CosmosDb.Container container;

  private CosmosModelMetadata(CosmosDb.Container container) {
    this.container = container;
  }

  /**
   * Opens the documents in a container.
   *
   * @param account the database
   * @param container the container, partitioned by {@code /pk}
   * @return the documents
   */
  public static CosmosModelMetadata open(CosmosAccount account, String container) {
    return new CosmosModelMetadata(account.database().container(container));
  }

  /**
   * A version as it is kept. Immutable.
   *
   * @param version which
   * @param actor who registered it
   * @param at when
   * @param metrics its metrics
   * @param tags its tags
   * @param aliases the aliases that point at it
   * @param archived whether it is put away
   * @param seq the event of the model's log up to which this is true
   */
  public record Entry(
      ModelRef.Version version,
      String actor,
      Instant at,
      Map<String, Double> metrics,
      Map<String, String> tags,
      Set<String> aliases,
      boolean archived,
      long seq) {
    /** Copies the collections. */
    public Entry {
      metrics = Map.copyOf(metrics);
      tags = Map.copyOf(tags);
      aliases = Set.copyOf(aliases);
    }
  }

  /**
   * Brings the documents of a model up to its log.
   *
   * @param registry the registry
   * @param model the model
   * @return the event up to which the documents are true now
   * @throws dev.mlops.error.UnavailableException if either store does not answer; projecting again
   *     completes it
   */
  public long project(ModelRegistry registry, String model) {
    ModelSnapshot snapshot = registry.snapshot(model);
    for (ModelVersion version : snapshot.versions().values()) {
      Set<String> aliases = new TreeSet<>();
      snapshot.aliases().forEach((alias, number) -> {
        if (number == version.number()) {
          aliases.add(alias);
        }
      });
      put(document(version, aliases, snapshot.seq()));
    }
    return snapshot.seq();
  }

  private void put(ObjectNode document) {
    String pk = document.get("pk").asText();
    String id = document.get("id").asText();
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<CosmosDb.Stored> stored = container.read(pk, id);
      if (stored.isPresent()
          && stored.get().document().path("seq").asLong() >= document.get("seq").asLong()) {
        return;
      }
      boolean done = stored.isPresent()
          ? container.replace(pk, id, document, stored.get().etag())
          : container.create(pk, document);
      if (done) {
        return;
      }
    }
    throw new ConflictException("the document of " + pk + ":" + id + " was changed by others "
        + ATTEMPTS + " times in a row");
  }

  /**
   * Finds a version.
   *
   * @param version which
   * @return what is kept of it, or empty if it was not projected
   */
  public Optional<Entry> find(ModelRef.Version version) {
    return container
        .read(version.model(), Integer.toString(version.number()))
        .map(stored -> entry(stored.document()));
  }

  /**
   * Finds the version an alias points at.
   *
   * @param alias which
   * @return what is kept of it, or empty if none
   */
  public Optional<Entry> find(ModelRef.Alias alias) {
    Iterator<ObjectNode> found = container.query(
        alias.model(),
        "SELECT * FROM c WHERE c.pk = @pk AND ARRAY_CONTAINS(c.aliases, @alias)",
        Map.of("@alias", alias.alias()),
        10);
    Entry newest = null;
    while (found.hasNext()) {
      Entry entry = entry(found.next());
      // While another process projects, two documents may carry the alias; the later event is
      // right.
      if (newest == null || entry.seq() > newest.seq()) {
        newest = entry;
      }
    }
    return Optional.ofNullable(newest);
  }

  /**
   * Lists the versions of a model whose metric reaches a value.
   *
   * @param model the model
   * @param metric the metric
   * @param atLeast the value
   * @return by version number
   */
  public List<Entry> withMetric(String model, String metric, double atLeast) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : versions(model)) {
      Double value = entry.metrics().get(metric);
      if (value != null && value >= atLeast) {
        found.add(entry);
      }
    }
    return found;
  }

  /**
   * Lists the versions of a model.
   *
   * @param model the model
   * @return by version number
   */
  public List<Entry> versions(String model) {
    TreeMap<Integer, Entry> byNumber = new TreeMap<>();
    container
        .query(model, "SELECT * FROM c WHERE c.pk = @pk", Map.of(), 200)
        .forEachRemaining(document -> {
          Entry entry = entry(document);
          byNumber.put(entry.version().number(), entry);
        });
    return List.copyOf(byNumber.values());
  }

  private static ObjectNode document(ModelVersion version, Set<String> aliases, long seq) {
    ObjectNode document = JSON.createObjectNode()
        .put("id", Integer.toString(version.number()))
        .put("pk", version.model())
        .put("formatVersion", FORMAT_VERSION)
        .put("model", version.model())
        .put("version", version.number())
        .put("actor", version.actor())
        .put("at", version.at().toString())
        .put("archived", version.archived())
        .put("seq", seq);
    document.set("metrics", JSON.valueToTree(version.metrics()));
    document.set("tags", JSON.valueToTree(version.tags()));
    document.set("aliases", JSON.valueToTree(aliases));
    return document;
  }

  private static Entry entry(ObjectNode document) {
    if (document.path("formatVersion").asInt() != FORMAT_VERSION) {
      throw new CorruptException("document " + document.path("pk").asText() + ":"
          + document.path("id").asText() + " has format version "
          + document.path("formatVersion").asText() + ", this library reads " + FORMAT_VERSION);
    }
    Map<String, Double> metrics = new TreeMap<>();
    document
        .path("metrics")
        .properties()
        .forEach(metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
    Map<String, String> tags = new TreeMap<>();
    document
        .path("tags")
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    Set<String> aliases = new TreeSet<>();
    for (JsonNode alias : document.path("aliases")) {
      aliases.add(alias.asText());
    }
    return new Entry(
        new ModelRef.Version(
            document.path("model").asText(), document.path("version").asInt()),
        document.path("actor").asText(),
        Instant.parse(document.path("at").asText()),
        metrics,
        tags,
        aliases,
        document.path("archived").asBoolean(),
        document.path("seq").asLong());
  }
}
