package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventSink;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.azure.internal.CosmosEvents;
import java.time.Duration;
import java.util.Collection;

/**
 * Events of experiments in a Cosmos DB container. Writing is a queueing {@link EventSink}; reading
 * gives {@link Event}s for {@link dev.mlops.abtest.EventReader}, a page in memory at a time.
 *
 * <pre>{@code
 * try (EventSink sink = CosmosEventSink.builder(account, "events").open()) { ... }
 * var result = EventReader.of(experiment, plan)
 *     .read(CosmosEventSink.events(account, "events", "checkout", List.of("purchase")));
 * }</pre>
 *
 * <p>An event is a document whose id is the event's, so writing one twice keeps one. Exposures are
 * partitioned by experiment, outcomes by name, each in 16 parts by unit: a partition of Cosmos DB
 * holds at most 20 GB. Stateless.
 */
public final class CosmosEventSink {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private CosmosEventSink() {}

  /**
   * Starts to describe a sink.
   *
   * @param account the database
   * @param container the container, partitioned by {@code /pk}
   * @return a builder; while the account does not answer, a batch is tried again for a minute
   *     before it counts as dropped
   * @throws dev.mlops.error.UnavailableException if the account does not answer
   */
  public static EventSink.Builder builder(CosmosAccount account, String container) {
    return builder(account, container, PATIENCE);
  }

  static EventSink.Builder builder(CosmosAccount account, String container, Duration patience) {
    CosmosDb.Container documents = account.database().container(container);
    return EventSink.to(CosmosEvents.writer(documents::createAll, patience));
  }

  /**
   * Reads the events of an experiment: its exposures, and the named outcomes of all units.
   *
   * @param account the database
   * @param container the container
   * @param experiment the experiment's key
   * @param outcomes names of outcomes
   * @return the events in no particular order; each iteration reads the container again
   */
  public static Iterable<Event> events(
      CosmosAccount account, String container, String experiment, Collection<String> outcomes) {
    requireNonNull(experiment, "experiment");
    CosmosDb.Container documents = account.database().container(container);
    return CosmosEvents.read(
        pk -> documents.query(pk, "SELECT * FROM c WHERE c.pk = @pk", java.util.Map.of(), 1000),
        experiment,
        outcomes);
  }
}
