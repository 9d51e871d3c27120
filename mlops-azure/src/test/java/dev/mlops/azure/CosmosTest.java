package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.abtest.AnalysisPlan;
import dev.mlops.abtest.AssignmentStore;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.EventReader;
import dev.mlops.abtest.EventSink;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.Metric;
import dev.mlops.abtest.error.AbTestException;
import dev.mlops.azure.internal.CosmosDb;
import dev.mlops.azure.peer.CosmosEmulator;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Azure's Cosmos client against an emulator that can throttle and hang up. */
class CosmosTest {
  private static CosmosEmulator emulator;
  private static CosmosAccount account;
  private final String container = "c" + UUID.randomUUID().toString().substring(0, 12);

  @BeforeAll
  static void connect() {
    emulator = CosmosEmulator.shared();
    account = open(Duration.ofSeconds(30));
  }

  private static CosmosAccount open(Duration throttleWait) {
    return open(emulator, throttleWait);
  }

  static CosmosAccount open(CosmosEmulator emulator, Duration throttleWait) {
    return CosmosAccount.builder(emulator.url(), "mlops")
        .key(CosmosEmulator.KEY)
        .createIfMissing()
        .endpointDiscovery(false)
        .throttleWait(throttleWait)
        .build();
  }

  @AfterAll
  static void disconnect() {
    if (account != null) {
      account.close();
    }
  }

  private static final Experiment EXPERIMENT =
      Experiment.builder("checkout").control("old", 50).variant("new", 50).build();
  private static final AnalysisPlan PLAN =
      AnalysisPlan.fixed(100).metric(Metric.proportion("purchase")).build();

  private static Event exposure(int i) {
    return new Event.Exposure(
        "x-" + i,
        Instant.ofEpochMilli(1000),
        "unit " + i,
        "checkout",
        1,
        i % 2 == 0 ? "old" : "new",
        true);
  }

  private static Event outcome(int i, double value) {
    return new Event.Outcome("o-" + i, Instant.ofEpochMilli(2000), "unit " + i, "purchase", value);
  }

  private Iterable<Event> stored() {
    return CosmosEventSink.events(account, container, "checkout", List.of("purchase"));
  }

  private static List<String> ids(Iterable<Event> events) {
    List<String> ids = new ArrayList<>();
    events.forEach(event -> ids.add(event.id()));
    return ids;
  }

  @Test
  void build_byManyAtOnce_createsTheDatabaseForAll() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 3; round++) {
        String database = "d" + UUID.randomUUID().toString().substring(0, 12);
        Callable<String> open = () -> {
          try (CosmosAccount one = CosmosAccount.builder(emulator.url(), database)
              .key(CosmosEmulator.KEY)
              .createIfMissing()
              .endpointDiscovery(false)
              .build()) {
            one.database().container("c");
            return "opened";
          }
        };
        for (Future<String> result : executor.invokeAll(Collections.nCopies(4, open))) {
          assertThat(result.get()).isEqualTo("opened");
        }
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void events_areReadAsTheyWereWritten() throws Exception {
    List<Event> events = new ArrayList<>();
    IntStream.range(0, 200).forEach(i -> events.add(exposure(i)));
    IntStream.range(0, 100).forEach(i -> events.add(outcome(i, i % 3 == 0 ? 1 : 0)));
    events.add(outcome(500, Double.NaN));
    events.add(
        new Event.Outcome("o/with?odd#id", Instant.ofEpochMilli(3), "ünit", "purchase", 1e-300));
    var writer = dev.mlops.azure.internal.CosmosEvents.writer(
        account.database().container(container)::createAll, Duration.ofSeconds(20));

    writer.write(events);
    writer.write(events.subList(0, 50));

    List<Event> read = new ArrayList<>();
    stored().forEach(read::add);
    assertThat(read).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void sink_feedsTheAnalysis() {
    EventSink sink = CosmosEventSink.builder(account, container).open();
    var assigner = dev.mlops.abtest.Assigner.of(EXPERIMENT);
    for (int i = 0; i < 300; i++) {
      String unit = "user-" + i;
      sink.exposure(unit, assigner.assign(unit));
      sink.outcome(unit, "purchase", i % 4 == 0 ? 1 : 0);
    }

    assertThat(sink.close(Duration.ofSeconds(60))).isTrue();

    assertThat(sink.counts().written()).isEqualTo(600);
    assertThat(sink.dropped()).isZero();
    EventReader.Result result = EventReader.of(EXPERIMENT, PLAN).read(stored());
    assertThat(result.exposures()).isEqualTo(300);
    assertThat(result.outcomes()).isEqualTo(300);
    assertThat(result.duplicates()).isZero();
  }

  @Test
  void createAll_ofADocumentThatIsTooLarge_refusesThatOneAndCreatesTheRest() {
    CosmosDb.Container documents = account.database().container(container);
    ObjectMapper json = new ObjectMapper();
    ObjectNode small = json.createObjectNode().put("id", "small").put("pk", "p");
    ObjectNode large =
        json.createObjectNode().put("id", "large").put("pk", "p").put("text", "x".repeat(3 << 20));

    CosmosDb.Created created = documents.createAll(List.of(large, small));

    assertThat(created).isEqualTo(new CosmosDb.Created(List.of(), 1, Map.of(413, 1)));
    assertThat(documents.read("p", "small")).isPresent();
  }

  @Test
  void sink_inAStormOf429_losesNothing() {
    EventSink sink = CosmosEventSink.builder(account, container).open();
    int before = emulator.throttled();
    emulator.throttle(40);
    for (int i = 0; i < 100; i++) {
      sink.outcome("unit " + i, "purchase", 1);
    }

    assertThat(sink.close(Duration.ofSeconds(60))).isTrue();
    assertThat(emulator.throttled() - before).isEqualTo(40);
    assertThat(sink.dropped()).isZero();
    assertThat(ids(stored())).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void sink_whoseServerGoesAwayForAWhile_losesAndDoublesNothing() {
    EventSink sink = CosmosEventSink.builder(account, container).open();
    int before = emulator.dropped();
    // The client itself tries again every few seconds.
    emulator.drop(4);
    for (int i = 0; i < 100; i++) {
      sink.outcome("unit " + i, "purchase", 1);
    }

    assertThat(sink.close(Duration.ofSeconds(90))).isTrue();
    emulator.drop(0);
    assertThat(emulator.dropped()).isGreaterThan(before);
    assertThat(sink.dropped()).isZero();
    assertThat(ids(stored())).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void call_throttledForLongerThanTheWait_isUnavailable() {
    try (CosmosAccount hasty = open(Duration.ofMillis(200))) {
      AssignmentStore store = CosmosAssignmentStore.open(hasty, container);
      emulator.throttle(10_000);

      assertThatThrownBy(() -> store.putIfAbsent("salt", "unit", "a"))
          .isInstanceOf(AbTestException.Unavailable.class)
          .hasMessageContaining("429/3200");
    } finally {
      emulator.throttle(0);
    }
  }

  @Test
  void assignments_ofConcurrentProcesses_agreeOnTheFirst() throws Exception {
    AssignmentStore store = CosmosAssignmentStore.open(account, container);
    var threads = Executors.newFixedThreadPool(8);
    try {
      for (int unit = 0; unit < 10; unit++) {
        String id = "user/" + unit;
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          String mine = "variant-" + i;
          answers.add(threads.submit(() -> store.putIfAbsent("salt", id, mine)));
        }
        Set<String> agreed = new TreeSet<>();
        for (Future<String> answer : answers) {
          agreed.add(answer.get());
        }
        assertThat(agreed).hasSize(1);
        assertThat(store.find("salt", id)).hasValue(agreed.iterator().next());
        assertThat(store.find("another salt", id)).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void replace_ofConcurrentWritersInAStormOf429_losesNoUpdate() throws Exception {
    int before = emulator.throttled();
    CosmosDb.Container documents = account.database().container(container);
    ObjectNode start =
        new ObjectMapper().createObjectNode().put("id", "n").put("pk", "p").put("n", 0);
    documents.create("p", start);
    emulator.throttle(50);
    var threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        done.add(threads.submit(() -> {
          for (int i = 0; i < 25; i++) {
            boolean replaced;
            do {
              CosmosDb.Stored now = documents.read("p", "n").orElseThrow();
              ObjectNode next = now.document().deepCopy();
              next.put("n", next.get("n").asInt() + 1);
              replaced = documents.replace("p", "n", next, now.etag());
            } while (!replaced);
          }
        }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(documents.read("p", "n").orElseThrow().document().get("n").asInt())
        .isEqualTo(100);
    assertThat(emulator.throttled() - before).isEqualTo(50);
  }

  @Test
  void restart_ofTheServer_losesNothingAndIsWaitedFor() {
    ObjectNode document =
        new ObjectMapper().createObjectNode().put("id", "n").put("pk", "p").put("n", 0);
    try (CosmosEmulator own = CosmosEmulator.start();
        CosmosAccount there = open(own, Duration.ofSeconds(30))) {
      CosmosDb.Container documents = there.database().container(container);
      documents.create("p", document);
      String etag = documents.read("p", "n").orElseThrow().etag();
      AssignmentStore assignments = CosmosAssignmentStore.open(there, "assignments");
      assertThat(assignments.putIfAbsent("salt", "unit", "a")).isEqualTo("a");
      EventSink sink = CosmosEventSink.builder(there, "events").open();
      for (int i = 0; i < 200; i++) {
        sink.outcome("unit " + i, "purchase", 1);
        if (i == 100) {
          own.restart();
        }
      }

      assertThat(sink.close(Duration.ofSeconds(90))).isTrue();
      assertThat(sink.dropped()).isZero();
      assertThat(ids(CosmosEventSink.events(there, "events", "checkout", List.of("purchase"))))
          .hasSize(200)
          .doesNotHaveDuplicates();
      assertThat(assignments.putIfAbsent("salt", "unit", "b")).isEqualTo("a");
      assertThat(documents.replace("p", "n", document.deepCopy().put("n", 1), etag))
          .isTrue();
      assertThat(documents.replace("p", "n", document.deepCopy().put("n", 2), etag))
          .isFalse();
    }
  }

  private static VersionDraft draft(double auc) {
    return VersionDraft.builder()
        .schema(new Schema(
            List.of(new Feature.Numeric("amount")),
            new Target.Classes("is_fraud", List.of("no", "yes"))))
        .file(new ModelFile("model.flat", "flat", new byte[] {(byte) (auc * 100)}))
        .metric("roc_auc", auc)
        .tag("team", "risk")
        .build();
  }

  @Test
  void modelMetadata_followsTheRegistry() {
    ModelRegistry registry = ModelRegistry.inMemory();
    CosmosModelMetadata metadata = CosmosModelMetadata.open(account, container);
    ModelVersion first = registry.register("fraud", draft(0.8));
    registry.promote(first, "champion", Gate.open());
    long before = metadata.project(registry, "fraud");
    ModelVersion second = registry.register("fraud", draft(0.9));
    registry.promote(second, "champion", Gate.open());

    long after = metadata.project(registry, "fraud");
    assertThat(metadata.project(registry, "fraud")).isEqualTo(after).isGreaterThan(before);

    assertThat(metadata.versions("fraud"))
        .extracting(e -> e.version().number())
        .containsExactly(1, 2);
    CosmosModelMetadata.Entry champion =
        metadata.find(new ModelRef.Alias("fraud", "champion")).orElseThrow();
    assertThat(champion.version()).isEqualTo(second.ref());
    assertThat(champion.metrics()).containsEntry("roc_auc", 0.9);
    assertThat(champion.tags()).containsEntry("team", "risk");
    assertThat(metadata.withMetric("fraud", "roc_auc", 0.85)).hasSize(1);
    assertThat(metadata.find(first.ref()).orElseThrow().aliases()).isEmpty();
    assertThat(metadata.find(new ModelRef.Version("fraud", 9))).isEmpty();
    assertThat(metadata.versions("unknown")).isEmpty();
  }

  @Test
  void account_withoutOneCredential_isRefused() {
    assertThatThrownBy(() -> CosmosAccount.builder("https://x/", "d").build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("neither");
    assertThatThrownBy(() -> CosmosAccount.builder("nonsense", "d"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("nonsense");
  }
}
