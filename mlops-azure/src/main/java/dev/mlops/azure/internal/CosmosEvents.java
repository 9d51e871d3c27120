package dev.mlops.azure.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventWriter;
import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events as documents and back. */
public final class CosmosEvents {
  private static final Logger LOG = LoggerFactory.getLogger(CosmosEvents.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT_VERSION = 1;
  private static final int PARTS = 16;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private CosmosEvents() {}

  /**
   * Writes batches.
   *
   * @param create creates documents and says what became of them
   * @param patience how long a batch is tried
   */
  public static EventWriter writer(
      Function<List<ObjectNode>, CosmosDb.Created> create, Duration patience) {
    return batch -> write(batch, create, patience);
  }

  private static void write(
      List<Event> batch, Function<List<ObjectNode>, CosmosDb.Created> create, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    List<ObjectNode> left = batch.stream().map(CosmosEvents::document).toList();
    int refused = 0;
    while (true) {
      MlopsException failure;
      try {
        CosmosDb.Created created = create.apply(left);
        left = created.left();
        refused += created.refused();
        if (created.refused() > 0) {
          LOG.warn(
              "Cosmos DB refused {} events for good; events by status: {}",
              created.refused(),
              created.statuses());
        }
        if (left.isEmpty() && refused == 0) {
          return;
        }
        failure = new UnavailableException(
            left.size() + " events were not taken; events by status: " + created.statuses());
      } catch (UnavailableException e) {
        failure = e;
      } catch (MlopsException e) {
        throw lost("events cannot be written", refused + left.size(), e);
      }
      if (left.isEmpty()) {
        throw lost("events were refused by Cosmos DB", refused, failure);
      }
      if (pause == FIRST_PAUSE_MILLIS) {
        LOG.warn("{} events wait for Cosmos DB: {}", left.size(), failure.getMessage());
      }
      if (System.nanoTime() + pause * 1_000_000 >= deadline) {
        throw lost(
            "events could not be written within " + patience, refused + left.size(), failure);
      }
      ArmClient.sleep(Duration.ofMillis(pause), "writing events");
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  private static EventWriter.PartlyWritten lost(String why, int lost, MlopsException cause) {
    var failure = new EventWriter.PartlyWritten(lost + " " + why, lost);
    failure.initCause(cause);
    return failure;
  }

  /**
   * Reads the events of an experiment.
   *
   * @param partition gives the documents of a partition, lazily
   */
  public static Iterable<Event> read(
      Function<String, Iterator<ObjectNode>> partition,
      String experiment,
      Collection<String> outcomes) {
    List<String> partitions = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      partitions.add(exposures(experiment, part));
      for (String outcome : outcomes) {
        partitions.add(outcomes(outcome, part));
      }
    }
    return () -> {
      Iterator<Iterator<ObjectNode>> all = partitions.stream().map(partition).iterator();
      Iterator<ObjectNode> documents = new CosmosDb.Paged<>(all, page -> page, e -> e);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return documents.hasNext();
        }

        @Override
        public Event next() {
          return event(documents.next());
        }
      };
    };
  }

  private static String exposures(String experiment, int part) {
    return "exposure/" + experiment + "/" + part;
  }

  private static String outcomes(String name, int part) {
    return "outcome/" + name + "/" + part;
  }

  /** An event as it is kept. */
  public static ObjectNode document(Event event) {
    int part = Math.floorMod(event.unitId().hashCode(), PARTS);
    ObjectNode document = JSON.createObjectNode()
        .put("id", Ids.document(event.id()))
        .put("event", event.id())
        .put("formatVersion", FORMAT_VERSION)
        .put("at", event.at().toEpochMilli())
        .put("unit", event.unitId());
    if (event instanceof Event.Exposure exposure) {
      return document
          .put("pk", exposures(exposure.experiment(), part))
          .put("type", "exposure")
          .put("experiment", exposure.experiment())
          .put("epoch", exposure.epoch())
          .put("variant", exposure.variant())
          .put("analysed", exposure.analysed());
    }
    Event.Outcome outcome = (Event.Outcome) event;
    document
        .put("pk", outcomes(outcome.name(), part))
        .put("type", "outcome")
        .put("name", outcome.name());
    return Double.isFinite(outcome.value())
        ? document.put("value", outcome.value())
        : document.put("value", Double.toString(outcome.value()));
  }

  private static Event event(ObjectNode document) {
    if (document.path("formatVersion").asInt() != FORMAT_VERSION) {
      throw new CorruptException("event document '" + document.path("id").asText()
          + "' has format version " + document.path("formatVersion").asText()
          + ", this library reads " + FORMAT_VERSION);
    }
    String id = document.path("event").asText();
    Instant at = Instant.ofEpochMilli(document.path("at").asLong());
    String unit = document.path("unit").asText();
    if (document.path("type").asText().equals("exposure")) {
      return new Event.Exposure(
          id,
          at,
          unit,
          document.path("experiment").asText(),
          document.path("epoch").asInt(),
          document.path("variant").asText(),
          document.path("analysed").asBoolean());
    }
    JsonNode value = document.path("value");
    return new Event.Outcome(
        id,
        at,
        unit,
        document.path("name").asText(),
        value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble());
  }
}
