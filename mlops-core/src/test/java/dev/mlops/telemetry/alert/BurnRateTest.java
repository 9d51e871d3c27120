package dev.mlops.telemetry.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The factors in {@code burn_rate.json} are those of Sloth and of the SRE workbook. */
class BurnRateTest {
  private static final JsonNode VECTORS = Vectors.read("burn_rate");

  @Test
  void presets_areTheWorkbooksWindowsAndFactors() {
    List<BurnRate.Window> presets =
        Stream.concat(BurnRate.PAGE.stream(), BurnRate.TICKET.stream()).toList();
    JsonNode expected = VECTORS.get("windows_30d");
    assertThat(expected).hasSize(presets.size());
    for (int i = 0; i < presets.size(); i++) {
      JsonNode e = expected.get(i);
      BurnRate.Window window = presets.get(i);
      assertThat(window.longWindow()).isEqualTo(Duration.ofHours(e.get("long_h").asLong()));
      assertThat(window.shortWindow())
          .isEqualTo(Duration.ofMinutes(e.get("short_min").asLong()));
      assertThat(window.budgetPercent()).isEqualTo(e.get("budget_pct").asDouble());
      assertThat(window.factor(Duration.ofDays(30))).isEqualTo(e.get("factor").asDouble());
      assertThat(BurnRate.PAGE.contains(window))
          .isEqualTo(e.get("severity").asText().equals("page"));
    }
  }

  @Test
  void factor_over28Days_isTheirs() {
    assertThat(VECTORS.get("windows_28d")).hasSize(4);
    for (JsonNode e : VECTORS.get("windows_28d")) {
      Duration longWindow = Duration.ofHours(e.get("long_h").asLong());
      var window = new BurnRate.Window(
          longWindow, Duration.ofMinutes(5), e.get("budget_pct").asDouble());
      assertThat(window.factor(Duration.ofDays(28))).isEqualTo(e.get("factor").asDouble());
    }
  }

  @Test
  void build_ofNonsense_namesTheValue() {
    Duration hour = Duration.ofHours(1);
    assertThatThrownBy(() -> new BurnRate.Window(hour, Duration.ofHours(2), 2))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("PT2H");
    assertThatThrownBy(() -> new BurnRate.Window(Duration.ofMinutes(90), hour, 2))
        .hasMessageContaining("PT1H30M");
    assertThatThrownBy(() -> new BurnRate.Window(hour, hour, 0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> BurnRate.page(1)).hasMessageContaining("1.0");
    assertThatThrownBy(() -> new BurnRate(0.9, hour, BurnRate.PAGE)).hasMessageContaining("PT1H");
    assertThatThrownBy(() -> new BurnRate(0.9, Duration.ofDays(30), List.of()))
        .hasMessageContaining("none");
  }
}
