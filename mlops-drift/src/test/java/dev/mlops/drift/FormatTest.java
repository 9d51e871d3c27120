package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Version 1 of what we write, as files: what was written once must be read, and written, for ever.
 */
class FormatTest {

  private static String file(String name) throws IOException {
    try (var in = Objects.requireNonNull(FormatTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  @Test
  void baseline_ofVersion1_isReadAndWrittenTheSame() throws IOException {
    Baseline baseline = Baseline.fromJson(file("baseline-v1.json"));

    assertThat(baseline.toJson()).isEqualTo(file("baseline-v1.json"));
    assertThat(baseline.names()).containsExactly("x", "c");
    assertThat(baseline.rows()).isEqualTo(40);
  }

  @Test
  void profile_ofVersion1_isReadAndWrittenTheSame() throws IOException {
    Baseline baseline = Baseline.fromJson(file("baseline-v1.json"));
    Profile expected = baseline.newProfile();
    expected.record(new double[] {3, 0});
    expected.record(new double[] {Double.NaN, -1});
    expected.record(Map.of("x", 1e9, "c", "née"));

    Profile read = Profile.fromBytes(HexFormat.of().parseHex(file("profile-v1.hex")), baseline);

    assertThat(read).isEqualTo(expected);
    assertThat(HexFormat.of().formatHex(expected.toBytes())).isEqualTo(file("profile-v1.hex"));
  }

  @Test
  void profileJson_ofVersion1_isReadAndWrittenTheSame() throws IOException {
    Baseline baseline = Baseline.fromJson(file("baseline-v1.json"));
    Profile expected = Profile.fromBytes(HexFormat.of().parseHex(file("profile-v1.hex")), baseline);

    assertThat(Profile.fromJson(file("profile-v1.json"), baseline)).isEqualTo(expected);
    assertThat(expected.toJson()).isEqualTo(file("profile-v1.json"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          {                              | [                          | not JSON
          "format":"mlops-drift-profile" | "format":"other"           | the JSON is not a profile
          "formatVersion":1              | "formatVersion":2          | profile format 2 is unknown
          "name":"x"                     | "name":"y"                 | feature "y"
          "missing":1                    | "missing":-1               | missing of 'x' must be a whole
          "missing":1                    | "missing":1.5              | missing of 'x' must be a whole
          "infinite":0                   | "infinite":"0"             | infinite of 'x' must be a whole
          "counts":[                     | "counts":[1,               | counts, expected 'x'
          "unseen":{"née":1}             | "unseen":3                 | unseen of 'c' must be an object
          "unseen":{"née":1}             | "unseen":{"née":null}      | unseen of 'c' must be a whole
          }]}                            | }]}}                       | not JSON
          """)
  void profileJson_damaged_isRefused(String from, String to, String message) throws IOException {
    Baseline baseline = Baseline.fromJson(file("baseline-v1.json"));
    String json = file("profile-v1.json");
    assertThat(json).contains(from);
    int at = json.indexOf(from);
    String damaged = json.substring(0, at) + to + json.substring(at + from.length());

    assertThatThrownBy(() -> Profile.fromJson(damaged, baseline))
        .isInstanceOfSatisfying(
            DriftException.class, e -> assertThat(e.kind()).isEqualTo(DriftException.Kind.CORRUPT))
        .hasMessageContaining(message);
  }

  @Test
  void profileJson_ofAnotherBaseline_isNotComparable() throws IOException {
    Baseline other = Baseline.fit(Columns.builder().numeric("x", 1, 2, 3).build());
    String json = file("profile-v1.json");

    assertThatThrownBy(() -> Profile.fromJson(json, other))
        .isInstanceOfSatisfying(
            DriftException.class,
            e -> assertThat(e.kind()).isEqualTo(DriftException.Kind.NOT_COMPARABLE));
  }

  @Test
  void detector_ofVersion1_goesOn() throws IOException {
    ChangeDetector detector = ChangeDetector.ddm();
    detector.restore(HexFormat.of().parseHex(file("ddm-v1.hex")));

    assertThat(HexFormat.of().formatHex(detector.snapshot())).isEqualTo(file("ddm-v1.hex"));
  }
}
