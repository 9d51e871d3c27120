package dev.mlops.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvTest {
  @TempDir
  Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("rows.csv"), content);
  }

  @Test
  void read_ofNumbersAndTexts_infersKindsAndSortsCategories() throws IOException {
    Table table = Csv.read(file("x,colour,y\n1.5,red,no\n-2e3,blue,yes\n,?,no\n"), "y");

    assertThat(table.schema())
        .isEqualTo(new Schema(
            List.of(
                new Feature.Numeric("x"),
                new Feature.Categorical("colour", List.of("blue", "red"))),
            new Target.Classes("y", List.of("no", "yes"))));
    assertThat(table.column("x")).containsExactly(1.5, -2000, Double.NaN);
    assertThat(table.column("colour")).containsExactly(1, 0, Double.NaN);
    assertThat(table.targets()).containsExactly(0, 1, 0);
  }

  @Test
  void read_ofQuotesByteOrderMarkAndWindowsLineEnds_followsRfc4180() throws IOException {
    Table table = Csv.read(file("\uFEFF\"a, b\",y\r\n\"x\"\"1\nnext\",p\r\n\" z \",q\r\n"), "y");

    assertThat(table.schema().features())
        .containsExactly(new Feature.Categorical("a, b", List.of("x\"1\nnext", "z")));
  }

  /** Found by fuzzing: numbers among texts were unknown categories. */
  @Test
  void read_ofTextsWithANumberAmongThem_countsItAsACategory() throws IOException {
    Table table = Csv.read(file("c,y\na,no\n7,yes\nb,no\n"), "y");

    assertThat(table.schema().features())
        .containsExactly(new Feature.Categorical("c", List.of("7", "a", "b")));
    assertThat(table.column("c")).containsExactly(1, 0, 2);
  }

  @Test
  void read_ofNumericClasses_sortsByValue() throws IOException {
    Table table = Csv.read(file("x,y\n1,10\n2,9\n3,-1\n"), "y");

    assertThat(table.schema().target())
        .isEqualTo(new Target.Classes("y", List.of("-1", "9", "10")));
  }

  @Test
  void readTable_withOptions_usesThem() throws IOException {
    Table table = Csv.builder()
        .delimiter(';')
        .missing("-")
        .categorical("code")
        .ignore("id")
        .keep("when")
        .positive("a")
        .build()
        .readTable(file("id;code;x;when;y\n7;01;-;2020;a\n8;02;5;2021;b\n"), "y");

    assertThat(table.schema().features())
        .containsExactly(
            new Feature.Categorical("code", List.of("01", "02")), new Feature.Numeric("x"));
    assertThat(table.schema().target()).isEqualTo(new Target.Classes("y", List.of("b", "a")));
    assertThat(table.column("x")).containsExactly(Double.NaN, 5);
    assertThat(table.texts("when")).containsExactly("2020", "2021");
    assertThat(table.kept()).containsExactly("when");
  }

  @Test
  void readTable_ofQuantity_keepsTheNumber() throws IOException {
    Table table = Csv.builder().quantityLabel().build().readTable(file("x,y\n1,2.5\n2,3\n"), "y");

    assertThat(table.schema().target()).isEqualTo(new Target.Quantity("y"));
    assertThat(table.targets()).containsExactly(2.5, 3);
  }

  @Test
  void read_withSchema_findsColumnsByNameAndMarksUnknownCategories() throws IOException {
    Schema schema = Csv.read(file("x,c,y\n1,a,no\n2,b,yes\n"), "y").schema();

    Table table = Csv.read(file("y,extra,c,x\nyes,0,z,3\n"), schema);

    assertThat(table.row(0)).containsExactly(3, Schema.UNKNOWN_CATEGORY);
    assertThat(table.targets()).containsExactly(1);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          ''                               | header line, got an empty file
          'x,y\\n'                         | at least one row after the header
          'x,z\\n1,2\\n'                   | line 1: expected a column 'y', the columns are [x, z]
          'x,y,x\\n1,a,1\\n'               | line 1, column 3: expected a name that is not used yet, got 'x'
          'x,,y\\n1,1,a\\n'                | line 1, column 2: expected a column name
          'x,y\\n1,a\\n2\\n'               | line 3: expected 2 values as in the header, got 1
          'x,y\\n1,a\\n2,b,c\\n'           | line 3: expected 2 values as in the header, got 3
          'x,y\\n1,a\\n2,b\\nabc,b\\n'     | line 4, column 'x': expected a number as in most rows
          'x,y\\n1,a\\n2,b\\n1e999,b\\n'   | line 4, column 'x': expected a number
          'x,y\\n1,a\\n2,b\\n0x10,b\\n'    | line 4, column 'x': expected a number
          'x,y\\n1,a\\n2,\\n'              | line 3, column 'y': expected a label in every row
          'x,y\\n1,a\\n2,a\\n'             | column 'y': expected at least two classes, every row has 'a'
          'x,y,z\\n1,a,\\n2,b,NA\\n'       | column 'z': expected at least one value, all are missing
          'y\\na\\nb\\n'                   | expected at least one column beside the label
          'x,y\\n1,"a" b\\n'               | expected comma-separated values with closed quotes
          """)
  void read_ofBadContent_namesFileLineColumnAndExpectation(String content, String expected)
      throws IOException {
    Path file = file(content.replace("\\n", "\n"));

    assertThatThrownBy(() -> Csv.read(file, "y"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("rows.csv")
        .hasMessageContaining(expected);
  }

  @Test
  void read_ofMissingFile_isNotFound() {
    assertThatThrownBy(() -> Csv.read(directory.resolve("no.csv"), "y"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no.csv");
  }

  @Test
  void read_ofDirectory_isRefused() {
    assertThatThrownBy(() -> Csv.read(directory, "y"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got a directory");
  }

  @Test
  void read_ofBytesThatAreNotUtf8_isRefused() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "x,y\n1,\u00e4\n2,b\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Csv.read(file, "y"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void read_withSchemaAndUnknownClass_namesTheClasses() throws IOException {
    Schema schema = Csv.read(file("x,y\n1,no\n2,yes\n"), "y").schema();
    Path other = file("x,y\n1,no\n2,maybe\n");

    assertThatThrownBy(() -> Csv.read(other, schema))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("line 3, column 'y'")
        .hasMessageContaining("maybe");
  }

  @Test
  void read_ofIdentifierColumn_isRefusedWithAdvice() throws IOException {
    String rows = IntStream.range(0, 1500)
        .mapToObj(i -> "id" + i + "," + (i % 2 == 0 ? "a" : "b"))
        .collect(Collectors.joining("\n", "id,y\n", "\n"));
    Path file = file(rows);

    assertThatThrownBy(() -> Csv.read(file, "y"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("column 'id': expected at most 1000 different texts");
  }

  @Test
  void build_withTwoRolesForOneColumn_isRefused() {
    assertThatThrownBy(() -> Csv.builder().numeric("a").ignore("a").build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'a'");
  }

  @Test
  void read_ofRandomBytes_givesATableOrOurError() throws IOException {
    var random = new java.util.Random(3);
    String alphabet = "ab1.,\"\n\r;-e y";
    for (int i = 0; i < 3000; i++) {
      var text = new StringBuilder(i % 2 == 0 ? "x,y\n" : "");
      for (int n = random.nextInt(40); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Path file = file(text.toString());
      try {
        assertThat(Csv.read(file, "y").size()).isPositive();
      } catch (MlopsException e) {
        assertThat(e).hasMessageContaining("rows.csv");
      }
    }
  }
}
