package dev.mlops.registry.card.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CardJsonTest {
  private static final Pattern LONG_NUMBER = Pattern.compile("\\d+\\.\\d{7,}");

  @Test
  void write_ofAFullCard_hasEveryPart() {
    String json = CardJson.write(SampleCard.registered(), Optional.of(SampleCard.evaluation()));

    assertThat(rounded(json) + "\n").isEqualTo(SampleCard.expected("card.json"));
  }

  @Test
  void write_ofANameOnly_hasNoTestRowsAndNoSignature() {
    String json = CardJson.write(ModelCard.builder("fraud").build(), Optional.empty());

    assertThat(json).isEqualToNormalizingNewlines("""
            {
              "formatVersion" : 1,
              "model" : "fraud",
              "intendedUse" : "",
              "limits" : "",
              "data" : { },
              "lineage" : { },
              "importance" : { },
              "metrics" : [ ]
            }""");
  }

  @Test
  void write_ofNumbersThatAreNone_writesThemAsTexts() {
    ModelCard card = ModelCard.builder("fraud")
        .metrics(Map.of("gain", Double.NaN))
        .importance(Map.of("amount", Double.NEGATIVE_INFINITY))
        .build();

    String json = CardJson.write(card, Optional.empty());

    assertThat(json).contains("\"value\" : \"NaN\"", "\"amount\" : \"-Infinity\"");
  }

  @Test
  void write_ofTestRowsWithoutGroups_namesNoGroupColumn() {
    ModelCard card = ModelCard.builder("fraud").testScores(SampleCard.scores()).build();

    String json = CardJson.write(card, Optional.of(SampleCard.evaluation()));

    assertThat(json).contains("\"testRows\" : 4").doesNotContain("group");
  }

  @Test
  void write_ofAVersionWithoutRun_leavesItOut() {
    var registration = new Registration(1, "ann", Instant.EPOCH, "", Optional.empty(), Map.of());
    ModelCard card = ModelCard.builder("fraud")
        .build()
        .registered(registration, SampleCard.SCHEMA, Map.of(), Map.of());

    String json = CardJson.write(card, Optional.empty());

    assertThat(json).contains("\"at\" : \"1970-01-01T00:00:00Z\"").doesNotContain("\"run\"");
  }

  /** Six decimals at most: the last digits of a logarithm differ between machines. */
  private static String rounded(String json) {
    return LONG_NUMBER
        .matcher(json.replace("\r\n", "\n"))
        .replaceAll(found -> String.format(Locale.ROOT, "%.6f", Double.parseDouble(found.group()))
            .replaceAll("0+$", ""));
  }
}
