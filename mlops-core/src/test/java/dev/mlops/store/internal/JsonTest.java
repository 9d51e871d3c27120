package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.CorruptException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final String SAMPLE = """
      {"formatVersion":1,"text":"a","empty":"","long":9007199254740993,"int":-7,"yes":true,"no":false,
       "at":"2026-05-01T10:00:00.5Z","child":{"inner":"x"},"children":[{"n":1},{"n":2}],
       "texts":["p","q"],"textMap":{"k":"v","j":"w"},"numberMap":{"a":0.25,"b":"NaN"},
       "half":0.5,"nan":"NaN","inf":"Infinity","neg":"-Infinity","nothing":null,
       "huge":1e30,"mixed":[1,"a",{}]}
      """;

  private static Json parse(String text) {
    return Json.parse("some/key", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyKindOfField_isRead() {
    Json json = parse(SAMPLE);

    assertThat(json.text("text")).isEqualTo("a");
    assertThat(json.text("empty")).isEmpty();
    assertThat(json.optionalText("text")).hasValue("a");
    assertThat(json.optionalText("nothing")).isEmpty();
    assertThat(json.optionalText("absent")).isEmpty();
    assertThat(json.has("text")).isTrue();
    assertThat(json.has("nothing")).isFalse();
    assertThat(json.longValue("long")).isEqualTo(9007199254740993L);
    assertThat(json.intValue("int")).isEqualTo(-7);
    assertThat(json.flag("yes")).isTrue();
    assertThat(json.flag("no")).isFalse();
    assertThat(json.instant("at")).isEqualTo(Instant.parse("2026-05-01T10:00:00.500Z"));
    assertThat(json.child("child").text("inner")).isEqualTo("x");
    List<Integer> numbers = new ArrayList<>();
    json.children("children").forEach(child -> numbers.add(child.intValue("n")));
    assertThat(numbers).containsExactly(1, 2);
    assertThat(json.texts("texts")).containsExactly("p", "q");
    assertThat(json.textMap("textMap")).containsExactly(Map.entry("j", "w"), Map.entry("k", "v"));
    assertThat(json.numberMap("numberMap"))
        .containsExactly(Map.entry("a", 0.25), Map.entry("b", Double.NaN));
    assertThat(json.number("half")).isEqualTo(0.5);
    assertThat(json.number("int")).isEqualTo(-7);
    assertThat(json.number("nan")).isNaN();
    assertThat(json.number("inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(json.number("neg")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(json.requireFormatVersion(1)).isSameAs(json);
    assertThat(Json.of("k", Json.tree("k", "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
            .intValue("a"))
        .isEqualTo(1);
  }

  static Stream<Arguments> readers() {
    return Stream.of(
        reader("a text", Json::text, "absent", "nothing", "int", "child"),
        reader("an integer", Json::longValue, "absent", "nothing", "text", "half", "huge"),
        reader("an integer", Json::intValue, "absent", "nothing", "text", "half", "long"),
        reader("true or false", Json::flag, "absent", "nothing", "text", "int"),
        reader("an ISO-8601 instant", Json::instant, "text"),
        reader("a text", Json::instant, "absent"),
        reader("an object", Json::child, "absent", "nothing", "text", "texts"),
        reader("a list", Json::children, "absent", "nothing", "text", "child"),
        reader("a list of objects", Json::children, "texts", "mixed"),
        reader("a list of texts", Json::texts, "absent", "nothing", "text", "children", "mixed"),
        reader("an object", Json::textMap, "absent", "texts"),
        reader("a text", Json::textMap, "numberMap"),
        reader("an object", Json::numberMap, "absent"),
        reader("a number", Json::numberMap, "textMap"),
        reader("a number", Json::number, "absent", "nothing", "text", "yes", "child"));
  }

  private static Arguments reader(
      String expected, BiConsumer<Json, String> read, String... fields) {
    return Arguments.of(expected, read, List.of(fields));
  }

  @ParameterizedTest
  @MethodSource("readers")
  void fieldOfAnotherKind_isCorruptAndSaysWhatWasExpected(
      String expected, BiConsumer<Json, String> read, List<String> fields) {
    for (String field : fields) {
      assertThatThrownBy(() -> read.accept(parse(SAMPLE), field))
          .as(field)
          .isInstanceOf(CorruptException.class)
          .hasMessageStartingWith("some/key")
          .hasMessageContaining("should be " + expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "1", "\"a\"", "{", "{}{}", "{\"a\":1,\"a\":2}", "{} x", "{'a':1}"
      })
  void whatIsNotOneObject_isCorrupt(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(CorruptException.class)
        .hasMessageStartingWith("some/key is not ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void nesting_isLimited() {
    String deep = "{\"a\":".repeat(65) + "1" + "}".repeat(65);

    assertThatThrownBy(() -> parse(deep)).isInstanceOf(CorruptException.class);
    assertThat(parse("{\"a\":".repeat(64) + "1" + "}".repeat(64)).has("a")).isTrue();
  }

  @Test
  void longValues_areAbbreviatedInMessages() {
    assertThatThrownBy(() -> parse("{\"a\":\"" + "x".repeat(78) + "\"}").flag("a"))
        .hasMessageEndingWith("got \"" + "x".repeat(78) + "\"");
    assertThatThrownBy(() -> parse("{\"a\":\"" + "x".repeat(79) + "\"}").flag("a"))
        .hasMessageEndingWith("got \"" + "x".repeat(79) + "...");
  }

  @Test
  void otherFormatVersion_isCorrupt() {
    assertThatThrownBy(() -> parse("{\"formatVersion\":2}").requireFormatVersion(1))
        .isInstanceOf(CorruptException.class)
        .hasMessage("some/key has format version 2, this library reads 1");
  }

  @Test
  void maps_areWrittenInOrder_andReadBack() {
    ObjectNode node = Json.object();
    node.set("t", Json.textMap(Map.of("b", "2", "a", "1", "c", "3")));
    node.set("n", Json.numberMap(Map.of("b", Double.NaN, "a", 1.5)));
    Json.putNumber(node, "x", Double.NEGATIVE_INFINITY);
    Json.putNumber(node, "y", 2);

    assertThat(new String(Json.write(node), StandardCharsets.UTF_8))
        .isEqualTo("{\"t\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"},\"n\":{\"a\":1.5,\"b\":\"NaN\"},"
            + "\"x\":\"-Infinity\",\"y\":2.0}");
    assertThat(Json.pretty(node)).contains("\n").contains("\"y\" : 2.0");
  }

  @Test
  void sequence_putsCommasBetweenObjects() throws Exception {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.sequence(out)) {
      for (double value : new double[] {1, Double.NaN}) {
        json.writeStartObject();
        Json.writeNumber(json, "v", value);
        json.writeEndObject();
      }
    }

    assertThat(out).hasToString("{\"v\":1.0},{\"v\":\"NaN\"}");
  }
}
