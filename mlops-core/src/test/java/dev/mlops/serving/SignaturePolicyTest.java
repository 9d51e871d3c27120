package dev.mlops.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.mlops.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SignaturePolicyTest {
  private final double[] seen = new double[3];

  /** What the client sends, what is wrong with it, and what the model sees under each action. */
  static Stream<Arguments> rows() {
    double nan = Double.NaN;
    return Stream.of(
        argumentSet("missing number", new double[] {1, nan, 0}, SignatureProblem.MISSING, "age", 1),
        argumentSet(
            "missing text", new double[] {1, 2, nan}, SignatureProblem.MISSING, "country", 2),
        argumentSet("too old", new double[] {1, 131, 0}, SignatureProblem.OUT_OF_RANGE, "age", 1),
        argumentSet("too young", new double[] {1, -1, 0}, SignatureProblem.OUT_OF_RANGE, "age", 1),
        argumentSet(
            "infinite",
            new double[] {Double.NEGATIVE_INFINITY, 2, 0},
            SignatureProblem.OUT_OF_RANGE,
            "amount",
            0),
        argumentSet(
            "unknown", new double[] {1, 2, -1}, SignatureProblem.UNKNOWN_CATEGORY, "country", 2),
        argumentSet(
            "no such", new double[] {1, 2, 3}, SignatureProblem.UNKNOWN_CATEGORY, "country", 2),
        argumentSet(
            "between", new double[] {1, 2, 0.5}, SignatureProblem.UNKNOWN_CATEGORY, "country", 2));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void reject_throwsAndNamesTheFeature(
      double[] row, SignatureProblem problem, String feature, int at) {
    LiveModel model = model(policy().build());

    assertThatThrownBy(() -> model.predict(row))
        .isInstanceOfSatisfying(SignatureException.class, e -> {
          assertThat(e.problem()).isEqualTo(problem);
          assertThat(e.feature()).isEqualTo(feature);
          assertThat(e).hasMessageContaining("'" + feature + "'");
        });
    assertThat(model.health().problems()).containsEntry(problem, 1L);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void warnAndIgnore_passTheValueOn(
      double[] row, SignatureProblem problem, String feature, int at) {
    for (var action : List.of(SignatureAction.WARN, SignatureAction.IGNORE)) {
      LiveModel model = model(policy().on(problem, action).build());

      model.predict(row);

      assertThat(seen).isEqualTo(row);
      assertThat(model.health().problems()).containsEntry(problem, 1L);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void impute_putsTheDefaultInPlace(
      double[] row, SignatureProblem problem, String feature, int at) {
    double[] sent = row.clone();

    model(policy().on(problem, SignatureAction.IMPUTE).impute(feature, 2).build())
        .predict(row);
    assertThat(seen[at]).isEqualTo(2);

    model(policy()
            .on(problem, SignatureAction.IMPUTE)
            .on(
                SignatureProblem.MISSING,
                problem == SignatureProblem.MISSING
                    ? SignatureAction.IMPUTE
                    : SignatureAction.IGNORE)
            .build())
        .predict(row);
    assertThat(seen[at]).isNaN();
    assertThat(row).as("the caller's row").isEqualTo(sent);
  }

  @Test
  void impute_withoutADefaultWhereMissingIsRefused_refuses() {
    LiveModel model =
        model(policy().on(SignatureProblem.OUT_OF_RANGE, SignatureAction.IMPUTE).build());

    assertThatThrownBy(() -> model.predict(new double[] {1, 131, 0}))
        .isInstanceOfSatisfying(SignatureException.class, e -> {
          assertThat(e.problem()).isEqualTo(SignatureProblem.MISSING);
          assertThat(e.feature()).isEqualTo("age");
        });
  }

  @ParameterizedTest
  @CsvSource({
    "age, 131, 0.0 to 130.0",
    "age, NaN, 0.0 to 130.0",
    "amount, Infinity, to 1.797",
    "country, 3, one of its 3 categories",
    "country, 0.5, one of its 3 categories"
  })
  void build_defaultThatIsNoValueOfItsFeature_isInvalid(
      String feature, double value, String allowed) {
    SignaturePolicy wrong = policy().impute(feature, value).build();

    assertThatThrownBy(() -> model(wrong))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'" + feature + "'")
        .hasMessageContaining(allowed)
        .hasMessageContaining("got " + value);
  }

  @Test
  void warn_ofAnExtraValue_logsNothingOfItsName() {
    var said = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(said, true, UTF_8));
    try {
      LiveModel model =
          model(policy().on(SignatureProblem.EXTRA, SignatureAction.WARN).build());
      for (int i = 0; i < 3; i++) {
        model.predict(values("user-4242-" + i + "\nforged", 1, false));
      }
    } finally {
      System.setErr(before);
    }

    assertThat(said.toString(UTF_8))
        .containsOnlyOnce("EXTRA")
        .doesNotContain("4242")
        .doesNotContain("forged");
  }

  @Test
  void reject_extraValue_namesItOnOneLineAndCut() {
    LiveModel model = model(SignaturePolicy.strict());
    String name = "a\nb\u001b[31m" + "x".repeat(1000);

    assertThatThrownBy(() -> model.predict(values(name, 1, false)))
        .isInstanceOfSatisfying(SignatureException.class, e -> {
          assertThat(e.feature()).isEqualTo(name);
          assertThat(e.getMessage())
              .startsWith("the model has no feature 'a?b?[31mxxx")
              .hasSizeLessThan(200);
        });
  }

  @Test
  void predict_map_readsNumbersAndTexts() {
    model(SignaturePolicy.strict()).predict(Map.of("amount", 12, "age", 40L, "country", "de"));

    assertThat(seen).containsExactly(12, 40, 1);
  }

  enum Country {
    ch,
    fr
  }

  record Payment(double amount, int age, Country country) {}

  @Test
  void predict_record_readsItsComponents() {
    model(SignaturePolicy.strict()).predict(new Payment(7.5, 30, Country.fr));

    assertThat(seen).containsExactly(7.5, 30, 2);
  }

  static Stream<Arguments> maps() {
    return Stream.of(
        argumentSet("absent", values("country", null, true), SignatureProblem.MISSING, "country"),
        argumentSet("null", values("age", null, false), SignatureProblem.MISSING, "age"),
        argumentSet("extra", values("shoe", 43, false), SignatureProblem.EXTRA, "shoe"),
        argumentSet("text", values("age", "forty", false), SignatureProblem.WRONG_TYPE, "age"),
        argumentSet("number", values("country", 1, false), SignatureProblem.WRONG_TYPE, "country"),
        argumentSet(
            "new", values("country", "xx", false), SignatureProblem.UNKNOWN_CATEGORY, "country"));
  }

  private static Map<String, @Nullable Object> values(
      String name, @Nullable Object value, boolean remove) {
    var values =
        new HashMap<String, @Nullable Object>(Map.of("amount", 1.0, "age", 2.0, "country", "ch"));
    values.put(name, value);
    if (remove) {
      values.remove(name);
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("maps")
  void predict_mapThatDiffers_isRefusedOrPassedOn(
      Map<String, Object> values, SignatureProblem problem, String feature) {
    LiveModel strict = model(SignaturePolicy.strict());

    assertThatThrownBy(() -> strict.predict(values))
        .isInstanceOfSatisfying(SignatureException.class, e -> {
          assertThat(e.problem()).isEqualTo(problem);
          assertThat(e.feature()).isEqualTo(feature);
        });
    LiveModel lenient = model(SignaturePolicy.lenient());
    lenient.predict(values);
    assertThat(lenient.health().problems().get(problem)).isPositive();
  }

  @Test
  void build_policyForAFeatureThatIsNotThere_isInvalid() {
    assertThatThrownBy(
            () -> model(SignaturePolicy.builder().range("height", 0, 1).build()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'height'");
    assertThatThrownBy(
            () -> model(SignaturePolicy.builder().range("country", 0, 1).build()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("categorical");
    var source = new FakeSource().version(1);
    var wrong = SignaturePolicy.builder().impute("height", 1).build();
    assertThatThrownBy(() -> source.live().policy(wrong).build())
        .isInstanceOf(InvalidInputException.class);
    assertThat(source.opened).as("models left open").isEmpty();
    assertThatThrownBy(() -> SignaturePolicy.builder().range("age", 2, 1))
        .isInstanceOf(InvalidInputException.class);
  }

  private static SignaturePolicy.Builder policy() {
    return SignaturePolicy.builder().range("age", 0, 130);
  }

  private LiveModel model(SignaturePolicy policy) {
    var source = new FakeSource().version(1);
    LiveModel model = source.live().policy(policy).build();
    source.opened.get(0).sees = row -> System.arraycopy(row, 0, seen, 0, row.length);
    Arrays.fill(seen, -99);
    return model;
  }
}
