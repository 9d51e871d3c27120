package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {

  private static Columns csv(String text, String... categorical) throws IOException {
    return Columns.fromCsv(new StringReader(text), categorical);
  }

  @Test
  void fromCsv_ofQuotesMissingAndNumbers_tellsTheKinds() throws IOException {
    Columns columns = csv(
        "id,amount,\"who, \"\"exactly\"\"\",zip\r\n1,2.5,\"a\nb\",01234\r\n2,,,99999\r\n3,-1e3,c,\r\n",
        "zip");

    assertThat(columns.names()).containsExactly("id", "amount", "who, \"exactly\"", "zip");
    assertThat(columns.numeric("amount")).containsExactly(2.5, Double.NaN, -1000);
    assertThat(columns.categorical("who, \"exactly\"")).containsExactly("a\nb", null, "c");
    assertThat(columns.categorical("zip")).containsExactly("01234", "99999", null);
  }

  @Test
  void fromCsv_withoutLastLineBreak_readsTheLastRow() throws IOException {
    assertThat(csv("x\n1\n2").numeric("x")).containsExactly(1, 2);
  }

  @Test
  void fromCsv_ofBrokenText_namesTheLine() {
    assertRefused("a,b\n1,2\n3\n", "line 3 has 1 fields, the header 2");
    assertRefused("a\n\"x", "opened in line 2 is never closed");
    assertRefused("a\n\"x\"y\n", "'y' after a closing quote");
    assertRefused("", "empty");
    assertRefused("a,a\n1,2\n", "'a' is given twice");
  }

  private static void assertRefused(String text, String message) {
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> csv(text))
        .withMessageContaining(message);
  }

  @Test
  void fromRows_ofAStream_transposes() {
    Columns columns =
        Columns.fromRows(List.of("x", "y"), Stream.of(new double[] {1, 2}, new double[] {3, 4}));

    assertThat(columns.numeric("y")).containsExactly(2, 4);
    assertThatExceptionOfType(DriftException.class)
        .isThrownBy(() -> Columns.fromRows(List.of("x"), Stream.of(new double[2])))
        .withMessageContaining("row 0 must have 1 values, got 2");
  }

  @ParameterizedTest
  @CsvSource({"0,a", "1,b", "-1,(unknown)", "2,(unknown)", "NaN,"})
  void encoded_ofACode_isTheCategory(double code, String expected) {
    Columns columns =
        Columns.builder().encoded("c", new double[] {code}, List.of("a", "b")).build();

    assertThat(columns.categorical("c")).containsExactly(expected);
  }

  @Test
  void encoded_fixesTheOrderOfTheDictionary_soThatRowsCanBeRecordedAsTheyAre() {
    Baseline baseline = Baseline.fit(Columns.builder()
        .encoded("c", new double[] {2, 2, 2, 1}, List.of("rare", "some", "often"))
        .build());
    Profile byCode = baseline.newProfile();
    byCode.record(new double[] {2});
    byCode.record(new double[] {-1});
    byCode.record(new double[] {Double.NaN});
    Profile byName = baseline.newProfile();
    byName.recordColumn("c", new String[] {"often", "martian", null});

    assertThat(baseline.categories("c")).containsExactly("rare", "some", "often");
    assertThat(byCode.rows("c")).isEqualTo(3);
    assertThat(byName.rows("c")).isEqualTo(3);
    assertThat(byCode.counter(2)).isEqualTo(byName.counter(2)).isEqualTo(1);
    assertThat(byCode.counter(3)).isEqualTo(byName.counter(3)).isEqualTo(1);
  }
}
