package dev.mlops.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.training.TestTables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final Schema SCHEMA = new Schema(
      List.of(new Feature.Numeric("x"), new Feature.Categorical("c", List.of("a", "b"))),
      new Target.Classes("y", List.of("no", "yes")));

  private static Table table() {
    return Table.ofColumns(
        SCHEMA,
        new double[][] {{1, 2, Double.NaN}, {0, 1, -1}},
        new double[] {0, 1, 1},
        Map.of("id", new String[] {"p", "q", "r"}));
  }

  @Test
  void of_badValues_areRefusedByPlace() {
    assertThatThrownBy(() -> Table.of(SCHEMA, new double[][] {{1}}, new double[] {0}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("row 0 must have 2 values, got 1");
    assertThatThrownBy(() -> Table.of(SCHEMA, new double[][] {{1, 2}}, new double[] {0}))
        .hasMessageContaining("column 'c', row 0: must be a category index from 0 to 1, got 2.0");
    assertThatThrownBy(() -> Table.of(SCHEMA, new double[][] {{1 / 0.0, 0}}, new double[] {0}))
        .hasMessageContaining("column 'x', row 0: must be finite");
    assertThatThrownBy(() -> Table.of(SCHEMA, new double[][] {{1, 0}}, new double[] {2}))
        .hasMessageContaining("label 'y', row 0: must be a class index from 0 to 1");
    assertThatThrownBy(() -> Table.of(SCHEMA, new double[0][], new double[0]))
        .hasMessageContaining("at least one row");
  }

  @Test
  void rows_andColumns_areCopies() {
    Table table = table();

    table.rows()[0][0] = 99;
    table.column("x")[0] = 99;
    table.targets()[0] = 9;
    table.texts("id")[0] = "z";

    assertThat(table.row(0)).containsExactly(1, 0);
    assertThat(table.column("x")[0]).isEqualTo(1);
    assertThat(table.target(0)).isZero();
    assertThat(table.texts("id")).containsExactly("p", "q", "r");
  }

  @Test
  void texts_ofFeatures_readsCategoriesAndNumbers() {
    assertThat(table().texts("c")).containsExactly("a", "b", "");
    assertThat(table().texts("x")).containsExactly("1.0", "2.0", "");
    assertThatThrownBy(() -> table().texts("nope"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("[x, c]");
  }

  @Test
  void select_without_with_changeOnlyWhatTheySay() {
    assertThat(table().select(2, 0).texts("id")).containsExactly("r", "p");
    assertThat(table().without("x").rows()).isDeepEqualTo(new double[][] {{0}, {1}, {-1}});
    assertThat(table().with("x", new double[] {7, 8, 9}).column("x")).containsExactly(7, 8, 9);
    assertThatThrownBy(() -> table().with("c", new double[] {5, 0, 0}))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void fingerprint_changesWithEveryPartOfTheContent() {
    String original = table().fingerprint();

    assertThat(table().fingerprint()).isEqualTo(original).matches("[0-9a-f]{64}");
    assertThat(table().select(0, 2, 1).fingerprint()).isNotEqualTo(original);
    assertThat(table().with("x", new double[] {1, 2, 3}).fingerprint()).isNotEqualTo(original);
    assertThat(table().without("x").fingerprint()).isNotEqualTo(original);
    assertThat(Table.ofColumns(
                SCHEMA,
                new double[][] {{1, 2, Double.NaN}, {0, 1, -1}},
                new double[] {0, 1, 1},
                Map.of("id", new String[] {"p", "q", "s"}))
            .fingerprint())
        .isNotEqualTo(original);
  }

  @Test
  void fingerprint_ofAKnownTable_isTheSameOnEveryMachine() {
    assertThat(TestTables.iris().fingerprint())
        .isEqualTo("24f00471b43e86b50c8973254383012f06d1324aafb1ad38c32d26c416cd4934");
  }

  @Test
  void split_ofClasses_isStratifiedDisjointCompleteAndSeeded() {
    Table table = TestTables.mixed(1000, 5);

    Split split = table.split(0.8, 42);

    assertThat(split.train().size()).isEqualTo(800);
    assertThat(split.test().size()).isEqualTo(200);
    assertThat(Arrays.stream(split.test().targets()).sum()).isEqualTo(20);
    assertThat(table.split(0.8, 42).train().fingerprint())
        .isEqualTo(split.train().fingerprint());
    assertThat(table.split(0.8, 43).train().fingerprint())
        .isNotEqualTo(split.train().fingerprint());
  }

  @Test
  void split_ofBadShare_isRefused() {
    for (double share : new double[] {0, 1, -1, Double.NaN}) {
      assertThatThrownBy(() -> table().split(share, 1))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(String.valueOf(share));
    }
  }

  @Test
  void byTime_putsTheLatestRowsInTestAndKeepsTiesTogether() {
    String[] days = {"2020-03-01", "2020-01-01", "2020-02-01", "2020-02-01", "2020-04-01"};
    Table table = Table.ofColumns(
        SCHEMA,
        new double[][] {{0, 1, 2, 3, 4}, {0, 0, 0, 0, 0}},
        new double[] {0, 1, 0, 1, 0},
        Map.of("day", days));

    Split split = Split.byTime(table, "day", 0.4);

    assertThat(split.train().column("x")).containsExactly(1, 2, 3);
    assertThat(split.test().column("x")).containsExactly(0, 4);
    assertThatThrownBy(() -> Split.byTime(table, "day", 0.95))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void split_ofEveryRow_isOnExactlyOneSide() {
    int n = 101;
    Table table = Table.of(
        SCHEMA,
        IntStream.range(0, n).mapToObj(i -> new double[] {i, 0}).toArray(double[][]::new),
        IntStream.range(0, n).mapToDouble(i -> i % 2).toArray());

    Split split = table.split(0.7, 3);

    double[] all = IntStream.concat(
            Arrays.stream(split.train().column("x")).mapToInt(v -> (int) v),
            Arrays.stream(split.test().column("x")).mapToInt(v -> (int) v))
        .sorted()
        .asDoubleStream()
        .toArray();
    assertThat(all).containsExactly(IntStream.range(0, n).asDoubleStream().toArray());
  }
}
