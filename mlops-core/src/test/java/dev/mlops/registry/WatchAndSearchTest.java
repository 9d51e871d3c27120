package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.builder;
import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.model.ModelRef;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.FailureInjectingStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchAndSearchTest {
  private final ObjectStore store = ObjectStore.inMemory();
  private final ModelRegistry registry =
      ModelRegistry.builder(store).actor("ann").build();

  @Test
  void watch_tellsEveryLaterEventOnceAndInOrder() {
    registry.register("fraud", draft("a", 0.9));
    var heard = new ArrayList<Long>();
    ModelRegistry elsewhere = ModelRegistry.builder(store).actor("bob").build();

    try (Watch watch = elsewhere.watch("fraud", event -> heard.add(event.info().seq()))) {
      assertThat(watch.poll()).isZero();
      registry.register("fraud", draft("b", 0.9));
      registry.promote(new ModelRef.Version("fraud", 2), "champion", Gate.open());
      assertThat(watch.poll()).isEqualTo(2);
      assertThat(watch.poll()).isZero();
      watch.close();
      registry.register("fraud", draft("c", 0.9));
      assertThat(watch.poll()).isZero();
    }
    assertThat(heard).containsExactly(2L, 3L);
  }

  @Test
  void watch_whoseListenerThrows_tellsThatEventAgain() {
    var heard = new ArrayList<Long>();
    Watch watch = registry.watch("fraud", event -> {
      heard.add(event.info().seq());
      if (heard.size() == 1) {
        throw new IllegalStateException("not now");
      }
    });
    registry.register("fraud", draft("a", 0.9));

    assertThatThrownBy(watch::poll).hasMessage("not now");
    assertThat(watch.poll()).isEqualTo(1);
    assertThat(heard).containsExactly(1L, 1L);
    watch.close();
  }

  @Test
  void watch_onASchedule_outlivesAnOutageOfTheStore() throws Exception {
    var failing = FailureInjectingStore.builder(store, new SplittableRandom(1)).build();
    var executor = Executors.newSingleThreadScheduledExecutor();
    var heard = new LinkedBlockingQueue<RegistryEvent>();
    ModelRegistry shaky = ModelRegistry.builder(failing).actor("bob").build();
    try (Watch watch = shaky.watch("fraud", heard::add, Duration.ofMillis(1), executor)) {
      registry.register("fraud", draft("a", 0.9));
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isNotNull();
      failing.down(true);
      registry.register("fraud", draft("b", 0.9));
      failing.down(false);
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(watch.poll()).isZero();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void search_byNameAliasTagAndMetric() {
    registry.register(
        "fraud-de", builder("a").metric("roc_auc", 0.9).tag("k", "1").build());
    registry.register("fraud-de", builder("b").metric("roc_auc", 0.95).build());
    registry.register("fraud-fr", builder("c").metric("roc_auc", Double.NaN).build());
    registry.register(
        "churn", builder("d").metric("log_loss", 0.3).tag("k", "1").build());
    registry.promote(new ModelRef.Version("fraud-de", 2), "champion", Gate.open());
    registry.promote(new ModelRef.Version("churn", 1), "champion", Gate.open());
    registry.archive(new ModelRef.Version("fraud-de", 1));
    VersionQuery all = VersionQuery.all();

    assertThat(found(all)).containsExactly("churn:1", "fraud-de:1", "fraud-de:2", "fraud-fr:1");
    assertThat(found(all.modelContains("fraud").alias("champion"))).containsExactly("fraud-de:2");
    assertThat(found(all.model("churn"))).containsExactly("churn:1");
    assertThat(found(all.tag("k", "1"))).containsExactly("churn:1", "fraud-de:1");
    assertThat(found(all.metricAtLeast("roc_auc", 0.9)))
        .containsExactly("fraud-de:1", "fraud-de:2");
    assertThat(found(all.metricAtMost("log_loss", 0.3))).containsExactly("churn:1");
    assertThat(found(all.archived(true))).containsExactly("fraud-de:1");
    assertThat(found(all.where(v -> v.number() > 1).archived(false))).containsExactly("fraud-de:2");
  }

  private List<String> found(VersionQuery query) {
    return registry.search(query).stream().map(v -> v.ref().toString()).toList();
  }
}
