package dev.mlops.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.training.TestTables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationsTest {
  private static final Table GOOD = TestTables.mixed(1000, 1);

  @Test
  void infer_holdsOnItsOwnTableAndOnMoreOfTheSame() {
    Expectations expectations = Expectations.infer(GOOD);

    assertThat(expectations.check(GOOD).failures()).isEmpty();
    assertThat(expectations.require(GOOD)).isSameAs(GOOD);
    assertThat(expectations.check(TestTables.mixed(1000, 2)).failures().stream()
            .filter(f -> !(f.rule() instanceof Expectation.Range)))
        .isEmpty();
  }

  @Test
  void check_ofOtherUnits_saysWhichRowsAndWhy() {
    double[] hours = GOOD.column("hour");
    hours[7] = 700;
    hours[9] = Double.NaN;

    ValidationReport report = Expectations.infer(GOOD).check(GOOD.with("hour", hours));

    assertThat(report.passed()).isFalse();
    assertThat(report.failures())
        .anySatisfy(finding -> {
          assertThat(finding.rule()).isInstanceOf(Expectation.Range.class);
          assertThat(finding.offendingRows()).isEqualTo(1);
          assertThat(finding.examples()).containsExactly(new ValidationReport.Example(7, "700.0"));
        })
        .anySatisfy(finding -> {
          assertThat(finding.rule()).isEqualTo(new Expectation.MissingShare("hour", 0));
          assertThat(finding.examples()).extracting("row").containsExactly(9);
        });
  }

  @Test
  void require_ofBrokenTable_refusesWithReasons() {
    double[] hours = GOOD.column("hour");
    Arrays.fill(hours, 23);

    assertThatThrownBy(() -> Expectations.infer(GOOD).require(GOOD.with("hour", hours)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("1 of")
        .hasMessageContaining("'hour': expected a mean from");
  }

  @Test
  void check_ofEveryRule_failsWhereItShould() {
    Table table = Table.ofColumns(
        new Schema(
            List.of(new Feature.Numeric("x"), new Feature.Categorical("c", List.of("a", "b"))),
            new Target.Classes("y", List.of("no", "yes"))),
        new double[][] {{1, 1, Double.NaN, 4}, {0, 1, -1, 0}},
        new double[] {0, 0, 0, 1},
        Map.of("id", new String[] {"p", "q", "p", "r"}));
    List<Expectation> broken = List.of(
        new Expectation.Range("x", 2, 9),
        new Expectation.MissingShare("x", 0.2),
        new Expectation.OneOf("c", List.of("a")),
        new Expectation.Unique("id"),
        new Expectation.Mean("x", 5, 6),
        new Expectation.RowCount(5, 9),
        new Expectation.ClassShare(0.3),
        new Expectation.Range("gone", 0, 1));
    List<Expectation> held = List.of(
        new Expectation.Range("x", 1, 4),
        new Expectation.MissingShare("x", 0.25),
        new Expectation.RowCount(4, 4),
        new Expectation.Mean("x", 2, 2),
        new Expectation.ClassShare(0.25));

    assertThat(Expectations.of(broken).check(table).failures()).hasSameSizeAs(broken);
    assertThat(Expectations.of(held).check(table).failures()).isEmpty();
    assertThat(Expectations.of(broken).check(table).findings())
        .extracting(ValidationReport.Finding::offendingRows)
        .containsExactly(2, 0, 2, 1, 0, 0, 0, 0);
  }

  @Test
  void check_ofOneRequest_namesWhatIsWrong() {
    Expectations expectations = Expectations.infer(GOOD);

    assertThat(expectations.check(GOOD.schema(), new double[] {1, 3, 0, 0})).isEmpty();
    assertThat(expectations.check(GOOD.schema(), new double[] {-1e9, Double.NaN, -1, 0}))
        .hasSize(3)
        .anySatisfy(m -> assertThat(m).startsWith("'amount': expected from"))
        .anySatisfy(m -> assertThat(m).isEqualTo("'hour': expected a value, it is missing"))
        .anySatisfy(m -> assertThat(m).contains("'country'").contains("an unknown category"));
  }

  @Test
  void fromJson_ofWhatToJsonWrote_isEqual() {
    Expectations expectations = Expectations.infer(GOOD);

    assertThat(Expectations.fromJson(expectations.toJson())).isEqualTo(expectations);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          '{"formatVersion":1,"expectations":[{"rule":"range","column":"x","min":2,"max":1}]}' | min <= max
          '{"formatVersion":1,"expectations":[{"rule":"sorted"}]}' | $.expectations[0].rule: expected range
          '{"formatVersion":9}' | format version 1, got 9
          '{"formatVersion":1,"expectations":[{"rule":"missingShare","column":"x","max":2}]}' | from 0 to 1, got 2
          'x' | expected JSON
          """)
  void fromJson_ofWrongText_namesThePlace(String json, String message) {
    assertThatThrownBy(() -> Expectations.fromJson(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void toHtml_escapesWhatItShows() {
    Table table = Table.ofColumns(
        new Schema(List.of(new Feature.Numeric("x")), new Target.Quantity("y")),
        new double[][] {{1, 2}},
        new double[] {1, 2},
        Map.of("id", new String[] {"<script>", "<script>"}));

    ValidationReport report =
        Expectations.of(List.of(new Expectation.Unique("id"))).check(table);

    assertThat(report.toHtml()).contains("&lt;script&gt;").doesNotContain("<script>");
    assertThat(report.toJson()).contains("\"passed\" : false");
  }

  @Test
  void toHtml_ofNamesWithMarkup_escapesThemEverywhere() {
    String attack = "<script>alert('x')</script>\"&";
    Table table = Table.ofColumns(
        new Schema(
            List.of(
                new Feature.Numeric(attack),
                new Feature.Categorical(attack + "c", List.of(attack, "b"))),
            new Target.Classes(attack + "y", List.of(attack, "yes"))),
        new double[][] {{1, 2, 3}, {0, 0, 1}},
        new double[] {0, 0, 1},
        Map.of());

    ValidationReport report = Expectations.of(List.of(
            new Expectation.Range(attack, 2, 9),
            new Expectation.OneOf(attack + "c", List.of("b")),
            new Expectation.Mean(attack, 8, 9),
            new Expectation.ClassShare(0.5),
            new Expectation.Range(attack + "gone", 0, 1)))
        .check(table);

    assertThat(report.failures()).hasSize(5);
    assertThat(report.toHtml())
        .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;")
        .doesNotContain("<script")
        .doesNotContain("</script>\"");
  }

  @Test
  void tableCheck_findsEveryTrap() {
    int n = 100;
    double[] label = new double[n];
    double[] noise = new double[n];
    double[] leak = new double[n];
    double[] code = new double[n];
    for (int i = 0; i < n; i++) {
      label[i] = i % 25 == 0 ? 1 : 0;
      noise[i] = (i * 37) % 101;
      leak[i] = label[i] * 10 + i * 0.001;
      code[i] = label[i];
    }
    Table table = Table.ofColumns(
        new Schema(
            List.of(
                new Feature.Numeric("noise"),
                new Feature.Numeric("copy"),
                new Feature.Numeric("constant"),
                new Feature.Numeric("leak"),
                new Feature.Categorical("code", List.of("u", "v"))),
            new Target.Classes("y", List.of("no", "yes"))),
        new double[][] {noise, noise, new double[n], leak, code},
        label,
        Map.of());

    assertThat(TableCheck.of(table))
        .extracting(w -> w.trap() + " " + w.column())
        .containsExactly(
            "RARE_CLASS yes",
            "DUPLICATE_COLUMN copy",
            "CONSTANT_FEATURE constant",
            "LABEL_LEAKAGE leak",
            "LABEL_LEAKAGE code");
    assertThat(TableCheck.of(table.select(1, 2, 3)))
        .anySatisfy(w -> assertThat(w.trap()).isEqualTo(TableCheck.Trap.ONE_CLASS));
    assertThat(TableCheck.of(TestTables.breastCancer())).isEmpty();
  }

  @Test
  void tableCheck_ofQuantity_findsScaledLabel() {
    Table table = TestTables.diabetes();
    double[] leak = Arrays.stream(table.targets()).map(t -> 3 - 2 * t).toArray();

    assertThat(TableCheck.of(table)).isEmpty();
    assertThat(TableCheck.of(table.with("s6", leak)))
        .extracting(TableCheck.Warning::trap)
        .containsExactly(TableCheck.Trap.LABEL_LEAKAGE);
  }
}
