package dev.mlops.mlflow;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.RegistryFixtures;
import dev.mlops.secret.Secret;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

class MlflowMirrorTest {
  private final Experiments experiments = Experiments.inMemory();
  private final ModelRegistry registry = ModelRegistry.inMemory();
  private FakeMlflow server;
  private MlflowMirror mirror;

  @BeforeEach
  void start() throws Exception {
    server = new FakeMlflow();
    mirror = MlflowMirror.builder(server.uri(), experiments, registry).build();
  }

  @AfterEach
  void stop() {
    mirror.close();
    server.close();
  }

  private String record(String experiment) {
    try (Run run = experiments.start(experiment, "forest")) {
      run.param("trees", 100).tag("team", "risk").metric("odd", Double.NaN);
      for (int i = 0; i < 2500; i++) {
        run.metric("loss", 1.0 / (i + 1), i);
      }
      run.artifact("notes & more.txt", new byte[] {1, 2, 3});
      run.finish();
      return run.id();
    }
  }

  private void registerAndPromote(String model, String run) {
    registry.register(model, draft("a", 0.9));
    registry.register(
        model,
        RegistryFixtures.builder("b")
            .metric("roc_auc", 0.93)
            .tag("k", "v")
            .run(run)
            .build());
    registry.promote(new ModelRef.Version(model, 2), "champion", Gate.open());
  }

  @Test
  void secondMirrorOfOneRegistry_sendsNothingWhileTheFirstIsAtWork() {
    registerAndPromote("fraud", record("fraud"));
    var reports = new ArrayList<MirrorReport>();
    try (var second = MlflowMirror.builder(server.uri(), experiments, registry).build()) {
      server.meanwhile(() -> reports.add(second.sync()));
      MirrorReport report = mirror.sync();
      int calls = server.calls.size();
      server.meanwhile(() -> {});

      assertThat(report.complete()).isTrue();
      assertThat(reports).hasSize(calls).allSatisfy(refused -> {
        assertThat(refused.failure())
            .hasValueSatisfying(f -> assertThat(f).contains("another mirror"));
        assertThat(refused.versions()).isZero();
      });
      assertThat(second.sync().failure()).isEmpty();
      assertThat(second.sync().versions()).isZero();
    }
    assertThat(registry.verify().problems()).isEmpty();
  }

  @Test
  void sync_isReadBackWithTheMlflowClient() {
    String id = record("fraud");
    registerAndPromote("fraud", id);

    MirrorReport report = mirror.sync();

    assertThat(report.complete()).as("%s", report).isTrue();
    assertThat(report.runs()).isEqualTo(1);
    assertThat(report.points()).isEqualTo(2501);
    assertThat(report.versions()).isEqualTo(2);
    assertThat(report.aliases()).isEqualTo(1);
    assertReadBack(server.uri(), "fraud", id);
    assertThat(server.files)
        .containsKey("1/%032x/artifacts/notes & more.txt".formatted(1))
        .containsKey("1/%032x/artifacts/mlops-fraud-2/model.flat".formatted(1))
        .containsKey("1/%032x/artifacts/mlops-fraud-2/MLmodel".formatted(1));
  }

  private static void assertReadBack(URI server, String name, String id) {
    try (var client = new MlflowClient(server.toString())) {
      ModelVersion version = client.getModelVersion(name, "2");
      Service.Run run = client.getRun(version.getRunId());
      assertThat(run.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
      assertThat(run.getData().getParamsList())
          .anyMatch(p -> p.getKey().equals("trees") && p.getValue().equals("100"));
      assertThat(run.getData().getTagsList())
          .anyMatch(t -> t.getKey().equals("mlops.run") && t.getValue().equals(id));
      assertThat(client.getMetricHistory(version.getRunId(), "loss"))
          .hasSize(2500)
          .anyMatch(m -> m.getStep() == 2499 && m.getValue() == 1.0 / 2500);
      assertThat(client.getMetricHistory(version.getRunId(), "odd").get(0).getValue())
          .isNaN();
      Map<String, String> tags = version.getTagsList().stream()
          .collect(Collectors.toMap(t -> t.getKey(), t -> t.getValue()));
      assertThat(tags)
          .containsEntry("k", "v")
          .containsEntry("mlops.version", "2")
          .containsEntry("mlops.metric.roc_auc", "0.93")
          .containsKey("mlops.sha256.model.flat");
      assertThat(version.getSource()).endsWith("/mlops-" + name + "-2");
    }
  }

  @Test
  void sync_again_changesNothing() {
    registerAndPromote("fraud", record("fraud"));
    mirror.sync();
    int files = server.files.size();

    MirrorReport again = mirror.sync();

    assertThat(again).isEqualTo(new MirrorReport(0, 0, 0, 0, 0, Map.of(), Optional.empty()));
    assertThat(server.files).hasSize(files);
  }

  @Test
  void sync_cutOffAtAnyCall_goesOnWithoutRepeatingAnything() {
    String id = record("fraud");
    registerAndPromote("fraud", id);
    for (boolean applied : new boolean[] {false, true}) {
      for (int call = 0; call < 32; call++) {
        try (var fresh = newServer();
            var cut = MlflowMirror.builder(fresh.uri(), experiments, registry).build()) {
          fresh.failAfter(call, applied);
          MirrorReport first = cut.sync();
          fresh.recover();
          MirrorReport second = cut.sync();

          assertThat(second.complete())
              .as("call %s: %s, %s", call, first, second)
              .isTrue();
          assertReadBack(fresh.uri(), "fraud", id);
          assertThat(cut.sync().complete()).isTrue();
        }
      }
    }
  }

  private static FakeMlflow newServer() {
    try {
      return new FakeMlflow();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void laterChanges_areMirrored_andARunThatStillRunsToo() {
    registerAndPromote("fraud", record("fraud"));
    Run running = experiments.start("fraud", "slow");
    running.metric("loss", 1, 1).flush();
    mirror.sync();
    var first = new ModelRef.Version("fraud", 1);
    registry.promote(first, "champion", Gate.open());
    registry.tag(first, "k", "new");
    running.metric("loss", 2, 2).finish();
    running.close();

    MirrorReport report = mirror.sync();

    assertThat(report.runs()).isEqualTo(1);
    assertThat(report.points()).isEqualTo(1);
    assertThat(report.aliases()).isEqualTo(1);
    try (var client = new MlflowClient(server.uri().toString())) {
      assertThat(client.getModelVersion("fraud", "1").getTagsList())
          .anyMatch(t -> t.getKey().equals("k") && t.getValue().equals("new"));
    }
    registry.removeAlias("fraud", "champion");
    assertThat(mirror.sync().aliases()).isEqualTo(1);
  }

  @Test
  void serverThatIsDown_failsNothingLocal_andTheReportSaysSo() {
    server.close();

    registerAndPromote("fraud", record("fraud"));
    MirrorReport report = mirror.sync();

    assertThat(report.complete()).isFalse();
    assertThat(report.failure().orElseThrow()).contains("does not answer");
    assertThat(registry.versions("fraud")).hasSize(2);
  }

  @Test
  void token_isSentAndNeverShown_andOnlyOverHttps() {
    server.failAfter(0, false);
    record("fraud");
    var secured = MlflowMirror.builder(server.uri(), experiments, registry)
        .token(() -> Secret.of("s3cret-token"))
        .timeout(Duration.ofSeconds(10))
        .build();

    MirrorReport report = secured.sync();

    assertThat(server.tokens).contains("Bearer s3cret-token");
    assertThat(report.failure().orElseThrow()).contains("503").doesNotContain("s3cret");
    assertThatThrownBy(() -> MlflowMirror.builder(
                URI.create("http://mlflow.example.org"), experiments, registry)
            .token(() -> Secret.of("x")))
        .isInstanceOf(InvalidInputException.class);
    MlflowMirror.builder(
            URI.create("azureml://westeurope.api.azureml.ms/mlflow/v1.0/subscriptions/S"),
            experiments,
            registry)
        .token(() -> Secret.of("x"))
        .build();
    for (String bad : List.of("file:///etc/passwd", "ftp://x/y", "http:/nohost", "relative")) {
      assertThatThrownBy(() -> MlflowMirror.builder(URI.create(bad), experiments, registry))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void serverThatTakesNoFiles_getsDigests() {
    server.artifactScheme("azureml://somewhere/");
    registerAndPromote("fraud", record("fraud"));

    MirrorReport report = mirror.sync();

    assertThat(report.complete()).as("%s", report).isTrue();
    assertThat(report.artifacts()).isZero();
    assertThat(server.files).isEmpty();
    try (var client = new MlflowClient(server.uri().toString())) {
      String run = client.getModelVersion("fraud", "2").getRunId();
      assertThat(client.getRun(run).getData().getTagsList())
          .anyMatch(t -> t.getKey().equals("mlops.artifact.notes _x0026_ more.txt"));
    }
  }

  @Test
  void start_synchronisesUntilClosed() throws Exception {
    record("fraud");
    var executor = Executors.newSingleThreadScheduledExecutor();
    mirror.start(executor, Duration.ofMillis(5));
    assertThatThrownBy(() -> mirror.start(executor, Duration.ofMillis(5)))
        .isInstanceOf(InvalidInputException.class);
    while (mirror.sync().runs() > 0) {
      Thread.onSpinWait();
    }
    mirror.close();
    executor.shutdown();

    assertThat(executor.awaitTermination(90, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void namesAndTextsThatMlflowRefuses_areTranslated() {
    String longText = "x".repeat(8192);
    try (Run run = experiments.start("fraud", "odd names")) {
      run.metric("precision@10", 0.5).metric("a//b", 1).metric("auc (val)", 2);
      run.param("lr: start", 1).param("long", longText);
      run.tag("mlops.run", "not ours").tag("100%", longText).artifact("../a#b.txt", new byte[1]);
      run.finish();
    }
    registry.register(
        "fraud",
        RegistryFixtures.builder("a")
            .metric("precision@10", 0.5)
            .tag("mlops.version", "77")
            .tag("why?", longText)
            .build());
    for (String alias : List.of("latest", "v1", "prod.eu")) {
      registry.promote(new ModelRef.Version("fraud", 1), alias, Gate.open());
    }

    MirrorReport report = mirror.sync();

    assertThat(report.complete()).as("%s", report).isTrue();
    assertThat(report.aliases()).isEqualTo(3);
    assertThat(server.files)
        .containsKey("1/%032x/artifacts/_x002E_._x002F_a_x0023_b.txt".formatted(1));
    try (var client = new MlflowClient(server.uri().toString())) {
      Service.RunData data = client.getRun("%032x".formatted(1)).getData();
      assertThat(data.getMetricsList())
          .extracting(Service.Metric::getKey)
          .containsExactly("precision_x0040_10", "a_x002F__x002F_b", "auc _x0028_val_x0029_");
      assertThat(data.getParamsList())
          .anyMatch(p -> p.getKey().equals("lr_x003A_ start"))
          .anyMatch(p -> p.getValue().endsWith("xxx ... (8192 characters)"));
      assertThat(data.getTagsList())
          .anyMatch(t -> t.getKey().equals("_x006D_lops.run") && t.getValue().equals("not ours"))
          .anyMatch(t -> t.getKey().equals("100_x0025_") && t.getValue().length() == 5000);
      assertThat(client.getModelVersion("fraud", "1").getTagsList())
          .anyMatch(t -> t.getKey().equals("mlops.version") && t.getValue().equals("1"))
          .anyMatch(t -> t.getKey().equals("why_x003F_") && t.getValue().length() == 5000)
          .anyMatch(t -> t.getKey().equals("mlops.metric.precision_x0040_10"));
    }
    assertThat(mirror.sync().aliases()).isZero();
    registry.removeAlias("fraud", "v1");
    assertThat(mirror.sync().aliases()).isEqualTo(1);
  }

  @Test
  void entryThatTheServerRefuses_stopsNoOther_andStaysVisibleUntilItIsTaken() {
    String good = record("fraud");
    try (Run run = experiments.start("churn", "bad")) {
      run.param("poison", 1).finish();
    }
    registry.register("churn", RegistryFixtures.builder("a").tag("k", "poison").build());
    registry.promote(new ModelRef.Version("churn", 1), "champion", Gate.open());
    registerAndPromote("fraud", good);
    server.refuse("poison", 400);

    MirrorReport report = mirror.sync();

    assertReadBack(server.uri(), "fraud", good);
    assertThat(report.failure()).isEmpty();
    assertThat(report.complete()).isFalse();
    assertThat(report.skipped()).hasSize(3);
    assertThat(report.skipped()).containsKey("version churn:1").containsKey("alias churn@champion");
    assertThat(report.skipped().get("version churn:1")).contains("400", "REFUSED");
    assertThat(report.runs()).isEqualTo(1);
    for (int status : new int[] {403, 500}) {
      server.refuse("poison", status);
      MirrorReport again = mirror.sync();
      assertThat(again.failure()).isEmpty();
      assertThat(again.skipped().keySet()).isEqualTo(report.skipped().keySet());
      assertThat(again.runs()).isZero();
    }

    server.recover();
    MirrorReport healed = mirror.sync();
    assertThat(healed.complete()).as("%s", healed).isTrue();
    assertThat(healed.versions()).isEqualTo(1);
  }

  @Test
  void pointsTagEditedByHand_isSentAnew() {
    Run running = experiments.start("fraud", "slow");
    running.metric("loss", 1, 1).flush();
    mirror.sync();
    for (String edited : List.of("many", "-1", "9")) {
      server.editRunTag("%032x".formatted(1), "mlops.points", edited);
      assertThat(mirror.sync().complete()).isTrue();
    }
    running.metric("loss", 2, 2).finish();
    running.close();

    assertThat(mirror.sync().points()).isEqualTo(1);
    try (var client = new MlflowClient(server.uri().toString())) {
      assertThat(client.getMetricHistory("%032x".formatted(1), "loss")).hasSize(2);
    }
  }

  @Test
  void removedTag_isRemovedThere_butNotOneThatSomebodySetThere() {
    registerAndPromote("fraud", record("fraud"));
    var second = new ModelRef.Version("fraud", 2);
    registry.tag(second, "later", "1");
    mirror.sync();
    try (var client = new MlflowClient(server.uri().toString())) {
      server.editVersionTag("fraud", "2", "theirs", "1");
      registry.untag(second, "k");
      registry.untag(second, "later");

      assertThat(mirror.sync().complete()).isTrue();

      assertThat(client.getModelVersion("fraud", "2").getTagsList())
          .noneMatch(t -> t.getKey().equals("k") || t.getKey().equals("later"))
          .anyMatch(t -> t.getKey().equals("theirs"))
          .anyMatch(t -> t.getKey().equals("mlops.version"));
    }
  }

  @Test
  void runMadeForAVersionWithoutOne_isFinished() {
    registry.register("fraud", draft("a", 0.9));
    mirror.sync();

    try (var client = new MlflowClient(server.uri().toString())) {
      String run = client.getModelVersion("fraud", "1").getRunId();
      Service.RunInfo info = client.getRun(run).getInfo();
      assertThat(info.getStatus()).isEqualTo(Service.RunStatus.FINISHED);
      assertThat(info.getEndTime())
          .isEqualTo(registry.versions("fraud").get(0).at().toEpochMilli());
    }
  }

  @Test
  void tokenThatCannotBeHadOrSent_isReportedWithoutIt() {
    record("fraud");
    Supplier<Secret> broken = () -> {
      throw new IllegalStateException("the vault is closed");
    };
    try (var first = withToken(broken);
        var second = withToken(() -> Secret.of("s3cret\n"))) {
      assertThat(first.sync().failure().orElseThrow())
          .contains("its supplier threw java.lang.IllegalStateException");
      assertThat(second.sync().failure().orElseThrow())
          .contains("no HTTP header")
          .doesNotContain("s3cret");
    }
  }

  private MlflowMirror withToken(Supplier<Secret> token) {
    return MlflowMirror.builder(server.uri(), experiments, registry)
        .token(token)
        .build();
  }

  @Test
  void start_goesOnAfterAnError() throws Exception {
    record("fraud");
    var asked = new AtomicInteger();
    var sent = new CountDownLatch(1);
    var executor = Executors.newSingleThreadScheduledExecutor();
    try (var flaky = withToken(() -> {
      if (asked.incrementAndGet() == 1) {
        throw new AssertionError("broken");
      }
      sent.countDown();
      return Secret.of("t");
    })) {
      flaky.start(executor, Duration.ofMillis(1));
      assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      executor.shutdown();
    }
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @EnabledIfSystemProperty(named = "mlflow.uri", matches = ".+")
  void sync_toARealServer_isReadBackWithTheMlflowClient() {
    URI real = URI.create(System.getProperty("mlflow.uri"));
    String name = "mlops-" + System.nanoTime();
    String id = record(name);
    registerAndPromote(name, id);

    MirrorReport report =
        MlflowMirror.builder(real, experiments, registry).build().sync();

    assertThat(report.failure()).isEmpty();
    assertReadBack(real, name, id);
    assertThat(MlflowMirror.builder(real, experiments, registry).build().sync().versions())
        .isZero();
  }
}
