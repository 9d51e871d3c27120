package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

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
  void detector_ofVersion1_goesOn() throws IOException {
    ChangeDetector detector = ChangeDetector.ddm();
    detector.restore(HexFormat.of().parseHex(file("ddm-v1.hex")));

    assertThat(HexFormat.of().formatHex(detector.snapshot())).isEqualTo(file("ddm-v1.hex"));
  }
}
