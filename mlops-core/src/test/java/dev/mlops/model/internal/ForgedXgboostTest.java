package dev.mlops.model.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forged XGBoost files: what once got past a check gets a typed refusal, and no memory. */
class ForgedXgboostTest {
  private static final Schema SCHEMA =
      new Schema(List.of(new Feature.Numeric("a")), new Target.Quantity("y"));

  private final XgboostFormat format = new XgboostFormat();

  private static String json(
      String base, String classes, String info, String left, String right, String rest) {
    return ("{\"learner\":{\"learner_model_param\":{\"num_feature\":\"1\",\"num_class\":\"%s\","
            + "\"base_score\":\"%s\"},\"objective\":{\"name\":\"reg:squarederror\"},"
            + "\"gradient_booster\":{\"name\":\"gbtree\",\"model\":{\"tree_info\":%s,\"trees\":["
            + "{\"left_children\":%s,\"right_children\":%s,\"split_indices\":%s,"
            + "\"split_conditions\":%s,\"default_left\":%s}]}}}}")
        .formatted(classes, base, info, left, right, rest, rest, rest);
  }

  @Test
  void read_ofASoundModel_answers() {
    String sound = json("[5E-1]", "0", "[0]", "[1,-1,-1]", "[2,-1,-1]", "[0,1,2]");

    assertThat(format.read(sound.getBytes(UTF_8), SCHEMA).predict(new double[] {-1}))
        .containsExactly(1.5);
    assertThat(format.read(sound.getBytes(UTF_8), SCHEMA).predict(new double[] {1}))
        .containsExactly(2.5);
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', textBlock = """
          [;           0;          [0];       [-1];        a number that is none
          0.5;         2000000000; [0];       [-1];        2000000000 classes
          0.5;         0;          {"a":0};   [-1];        'tree_info' is no list
          0.5;         0;          [0];       {"a":-1};    'left_children' is no list
          0.5;         0;          [1];       [-1];        tree of class 1
          0.5;         0;          [0];       [0];         node 0 has two parents
          """)
  void read_ofForgedJson_isRefused(
      String base, String classes, String info, String left, String message) {
    byte[] forged = json(base, classes, info, left, "[0]", "[0]").getBytes(UTF_8);

    assertThatThrownBy(() -> format.read(forged, SCHEMA))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining(message);
  }

  /** So that the loader tries the next file of the version. */
  @ParameterizedTest
  @CsvSource(delimiter = ';', textBlock = """
          \"gbtree\";        \"dart\";                                    booster 'dart'
          \"gbtree\";        \"gblinear\";                                booster 'gblinear'
          \"num_class\";     \"num_target\":\"2\",\"num_class\";      several targets
          \"[5E-1]\";        \"[5E-1,5E-1]\";                             a base score per class
          \"left_children\"; \"split_type\":[0,1,0],\"left_children\";  categorical splits
          """)
  void read_ofASoundModelThatNeedsXgboost_isNotSupported(String sound, String other, String what) {
    byte[] model = json("[5E-1]", "0", "[0]", "[1,-1,-1]", "[2,-1,-1]", "[0,1,2]")
        .replace(sound, other)
        .getBytes(UTF_8);

    assertThatThrownBy(() -> format.read(model, SCHEMA))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("XGBoost models with " + what + " are not supported");
  }

  @Test
  void read_ofABinaryDart_isNotSupported() {
    byte[] dart = binary("dart");

    assertThatThrownBy(() -> format.read(dart, SCHEMA))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("booster 'dart'");
    assertThatThrownBy(() -> format.read(binary("d?rt"), SCHEMA))
        .isInstanceOf(CorruptException.class);
  }

  private static byte[] binary(String booster) {
    byte[] objective = "reg:squarederror".getBytes(UTF_8);
    byte[] name = booster.getBytes(UTF_8);
    return ByteBuffer.allocate(136 + 16 + objective.length + name.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(0.5f)
        .putInt(1)
        .putInt(0)
        .position(136)
        .putLong(objective.length)
        .put(objective)
        .putLong(name.length)
        .put(name)
        .array();
  }

  @Test
  void read_ofATreeLikeAList_isRefusedBeforeRecursionOverflows() {
    int depth = 50_000;
    int nodes = 2 * depth + 1;
    String left = list(nodes, i -> i % 2 == 0 && i + 1 < nodes ? i + 1 : -1);
    String right = list(nodes, i -> i % 2 == 0 && i + 2 < nodes ? i + 2 : -1);
    byte[] forged = json("0.5", "0", "[0]", left, right, list(nodes, i -> 0)).getBytes(UTF_8);

    assertThatThrownBy(() -> format.read(forged, SCHEMA))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("deeper than 1000 levels");
  }

  /** Found by fuzzing: the first prediction left the array of scores. */
  @Test
  void read_ofAnObjectiveWithOneMarginAndSeveralClasses_isRefused() {
    byte[] forged = json("0.5", "3", "[2]", "[-1]", "[-1]", "[0]")
        .replace("reg:squarederror", "binary:logistic")
        .getBytes(UTF_8);
    var two = new Schema(SCHEMA.features(), new Target.Classes("y", List.of("no", "yes")));

    assertThatThrownBy(() -> format.read(forged, two))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("has one margin, the model 3");
  }

  private static String list(int size, java.util.function.IntUnaryOperator of) {
    return IntStream.range(0, size)
        .mapToObj(i -> Integer.toString(of.applyAsInt(i)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** 20,000 lists of 100,000 nulls each in 180 kB: nulls of a typed list take no bytes. */
  @Test
  void read_ofUbjsonWithMoreValuesThanBytes_isRefusedBeforeItFillsTheMemory() {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'{', 'i', 1, 'a', '['});
    byte[] nulls = ByteBuffer.allocate(9)
        .order(ByteOrder.BIG_ENDIAN)
        .put(new byte[] {'[', '$', 'Z', '#', 'l'})
        .putInt(100_000)
        .array();
    for (int i = 0; i < 20_000; i++) {
      out.writeBytes(nulls);
    }
    out.writeBytes(new byte[] {']', '}'});

    assertThatThrownBy(() -> format.read(out.toByteArray(), SCHEMA))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("more values than its");
  }
}
