package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.abtest.error.AbTestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentsTest {
  @TempDir
  Path dir;

  @Test
  void json_roundTrip_keepsEverything() {
    Experiment one = Experiment.builder("one")
        .control("a", 95)
        .variant("b", 5)
        .traffic(0.25)
        .layer(Layer.of("checkout", 0.05), 0.05, 0.5)
        .override("tester", "b")
        .salt("old-name")
        .build()
        .reweigh(Map.of("a", 50, "b", 50));
    Experiment two = Experiment.builder("two")
        .control("x", 1)
        .variant("y", 2)
        .stableWeights()
        .build();
    Experiment three = Experiment.builder("three")
        .control("x", 1)
        .variant("y", 2)
        .hashScheme(HashScheme.GROWTHBOOK_V2)
        .build();
    Experiments experiments = Experiments.of(List.of(one, two, three));

    String json = experiments.toJson();
    Experiments back = Experiments.fromJson(json);

    assertThat(back.toJson()).isEqualTo(json);
    assertThat(back.get("one").weightHistory()).isEqualTo(one.weightHistory());
    assertThat(back.get("one").slice()).isEqualTo(one.slice());
    assertThat(back.get("two").stableWeights()).isTrue();
    JsonSchema.of("experiments-v1.schema.json").assertValid(json);
  }

  @Test
  void fromJson_ignoresUnknownFieldsAndRefusesUnknownVersions() {
    String json = """
        {"formatVersion":1,"owner":"me","experiments":[
          {"key":"e","control":"a","weights":{"a":1,"b":1},"colour":"red"}]}
        """;

    assertThat(Experiments.fromJson(json).get("e").variants()).hasSize(2);
    assertThatThrownBy(() -> Experiments.fromJson(json.replace("Version\":1", "Version\":2")))
        .isInstanceOf(AbTestException.Corrupt.class)
        .hasMessageContaining("got formatVersion 2");
    assertThatThrownBy(() -> Experiments.fromJson("{")).isInstanceOf(AbTestException.Corrupt.class);
    assertThatThrownBy(() -> Experiments.fromJson(json.replace("\"a\":1", "\"a\":1.5")))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining("weight of 'a' must be a whole number, got 1.5");
  }

  @Test
  void of_overlapsAndDuplicates_areRefused() {
    Layer layer = Layer.of("l");
    Experiment first = ab("e").layer(layer, 0, 0.5).build();

    refused(List.of(first, first), "'e' is there twice");
    refused(List.of(first, ab("f").layer(layer, 0.4, 1).build()), "'e' has slots 0 to 32768");
    refused(
        List.of(first, ab("f").layer(Layer.of("l", 0.1), 0.5, 1).build()), "has holdout 0.0 in");
    assertThat(
            Experiments.of(List.of(first, ab("f").layer(layer, 0.5, 1).build())).all())
        .hasSize(2);
  }

  @Test
  void refresh_takesGoodChangesAndKeepsTheLastGoodOne() throws Exception {
    Path file = dir.resolve("experiments.json");
    Experiment running = ab("e").traffic(0.1).build();
    Files.writeString(file, Experiments.of(List.of(running)).toJson());
    ExperimentFile loaded = ExperimentFile.open(file);
    assertThat(loaded.refresh()).isFalse();

    Files.writeString(file, Experiments.of(List.of(running.ramp(0.5))).toJson());
    assertThat(loaded.refresh()).isTrue();
    assertThat(loaded.assigner("e").experiment().traffic()).isEqualTo(0.5);

    Files.writeString(file, "{ torn");
    assertThatThrownBy(loaded::refresh).isInstanceOf(AbTestException.Corrupt.class);
    Files.writeString(file, Experiments.of(List.of(running.ramp(0.9))).toJson());
    assertThatThrownBy(loaded::refresh)
        .isInstanceOf(AbTestException.Conflict.class)
        .hasMessageContaining("without a new epoch");
    Files.writeString(file, Experiments.of(List.of(running)).toJson());
    assertThatThrownBy(loaded::refresh)
        .isInstanceOf(AbTestException.Conflict.class)
        .hasMessageContaining("is in epoch 2, the file has epoch 1");
    assertThat(loaded.assigner("e").experiment().traffic()).isEqualTo(0.5);
  }

  @Test
  void stores_keepAUnitWhereItIs() {
    Path file = dir.resolve("assignments.jsonl");
    Experiment before = ab("e").build();
    Experiment after = before.reweigh(Map.of("a", 1, "b", 99)).ramp(0.01);
    for (AssignmentStore store :
        List.of(AssignmentStore.inMemory(), AssignmentStore.inFile(file))) {
      for (int i = 0; i < 200; i++) {
        String unit = "u" + i;
        String first = Assigner.of(before).assign(unit, store).variantOr("");
        Assignment second = Assigner.of(after).assign(unit, store);
        assertThat(second.variant()).contains(first);
        assertThat(second.reason()).isIn(Assignment.Reason.STICKY, Assignment.Reason.HASH);
      }
    }
  }

  @Test
  void fileStore_survivesATornLine() throws Exception {
    Path file = dir.resolve("assignments.jsonl");
    AssignmentStore.inFile(file).putIfAbsent("s", "u1", "a");
    Files.writeString(file, "[\"s\",\"u2\",\"b", java.nio.file.StandardOpenOption.APPEND);

    AssignmentStore reopened = AssignmentStore.inFile(file);
    assertThat(reopened.putIfAbsent("s", "u2", "a")).isEqualTo("a");
    assertThat(reopened.putIfAbsent("s", "u1", "b")).isEqualTo("a");

    AssignmentStore again = AssignmentStore.inFile(file);
    assertThat(again.find("s", "u1")).contains("a");
    assertThat(again.find("s", "u2")).contains("a");
  }

  @Test
  void assign_failingStore_fallsBackToTheHash() {
    AssignmentStore failing = new AssignmentStore() {
      @Override
      public Optional<String> find(String salt, String unitId) {
        throw new IllegalStateException("down");
      }

      @Override
      public String putIfAbsent(String salt, String unitId, String variant) {
        throw new IllegalStateException("down");
      }
    };
    Assigner assigner = Assigner.of(ab("e").build());

    assertThat(assigner.assign("u", failing)).isSameAs(assigner.assign("u"));
  }

  private static Experiment.Builder ab(String key) {
    return Experiment.builder(key).control("a", 50).variant("b", 50);
  }

  private static void refused(List<Experiment> experiments, String message) {
    assertThatThrownBy(() -> Experiments.of(experiments))
        .isInstanceOf(AbTestException.InvalidInput.class)
        .hasMessageContaining(message);
  }
}
