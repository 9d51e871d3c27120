package dev.mlops.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.TestTables;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FoldsTest {

  private static Table labelled(int[] labels, Map<String, String[]> kept) {
    var schema = new Schema(
        List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("0", "1", "2")));
    return Table.ofColumns(
        schema,
        new double[][] {IntStream.range(0, labels.length).asDoubleStream().toArray()},
        Arrays.stream(labels).asDoubleStream().toArray(),
        kept);
  }

  @Test
  void stratified_withoutShuffle_agreesWithScikitLearn() throws IOException {
    JsonNode vector = new ObjectMapper()
        .readTree(TestTables.resource("/dev/mlops/data/stratified-kfold.json").toFile());
    int[] labels = new ObjectMapper().convertValue(vector.get("y"), int[].class);
    int[][] expected = new ObjectMapper().convertValue(vector.get("test_folds_2"), int[][].class);

    List<Fold> folds = Folds.stratified(2).of(labelled(labels, Map.of()));

    for (int f = 0; f < expected.length; f++) {
      assertThat(folds.get(f).test()).containsExactly(expected[f]);
    }
  }

  static Stream<Folds> partitions() {
    return Stream.of(
        Folds.shuffled(5, 1), Folds.stratified(5, 1), Folds.stratified(5), Folds.grouped(5, "g"));
  }

  @ParameterizedTest
  @MethodSource("partitions")
  void of_everyPartition_testsEveryRowOnceAndNeverTrainsOnIt(Folds folds) {
    int[] labels = IntStream.range(0, 103).map(i -> i % 3).toArray();
    String[] groups =
        IntStream.range(0, 103).mapToObj(i -> "g" + (i * i) % 17).toArray(String[]::new);
    Table table = labelled(labels, Map.of("g", groups));

    List<Fold> divided = folds.of(table);

    int[] tested =
        divided.stream().flatMapToInt(f -> Arrays.stream(f.test())).sorted().toArray();
    assertThat(tested).containsExactly(IntStream.range(0, 103).toArray());
    for (Fold fold : divided) {
      int[] both = IntStream.concat(Arrays.stream(fold.train()), Arrays.stream(fold.test()))
          .sorted()
          .toArray();
      assertThat(both).containsExactly(IntStream.range(0, 103).toArray());
    }
  }

  @Test
  void stratified_withSeed_sharesClassesOutEvenly() {
    int[] labels = IntStream.range(0, 300).map(i -> i % 10 == 0 ? 2 : i % 2).toArray();

    for (Fold fold : Folds.stratified(5, 9).of(labelled(labels, Map.of()))) {
      assertThat(Arrays.stream(fold.test()).filter(i -> labels[i] == 2).count()).isEqualTo(6);
    }
  }

  @Test
  void grouped_neverSplitsAGroup() {
    int[] labels = IntStream.range(0, 60).map(i -> i % 3).toArray();
    String[] groups = IntStream.range(0, 60).mapToObj(i -> "c" + i / 4).toArray(String[]::new);

    for (Fold fold : Folds.grouped(4, "c").of(labelled(labels, Map.of("c", groups)))) {
      Set<String> trained = new HashSet<>();
      Arrays.stream(fold.train()).forEach(i -> trained.add(groups[i]));
      assertThat(Arrays.stream(fold.test()).boxed())
          .allSatisfy(i -> assertThat(trained).doesNotContain(groups[i]));
    }
  }

  @Test
  void timeOrdered_learnsFromThePastOnly() {
    int[] labels = IntStream.range(0, 10).map(i -> i % 3).toArray();
    String[] times = IntStream.range(0, 10).mapToObj(i -> "" + (100 - i)).toArray(String[]::new);

    List<Fold> folds = Folds.timeOrdered(3, "t").of(labelled(labels, Map.of("t", times)));

    assertThat(folds.get(0).train()).containsExactly(9, 8, 7, 6);
    assertThat(folds.get(0).test()).containsExactly(5, 4);
    assertThat(folds.get(2).test()).containsExactly(1, 0);
  }

  @Test
  void of_tooFewRows_isRefused() {
    Table table = labelled(new int[] {0, 0, 1, 1, 2, 2}, Map.of());

    assertThatThrownBy(() -> Folds.stratified(3).of(table))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("class '0' has 2 rows, 3 stratified folds need at least 3");
    assertThatThrownBy(() -> Folds.shuffled(7, 1).of(table))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Folds.shuffled(1, 1).of(table))
        .isInstanceOf(InvalidInputException.class);
  }
}
