package dev.mlops.registry.card.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import dev.mlops.registry.compare.TestScores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A card of four test rows, small enough to check every number by hand. Drawing two of two rows
 * gives the worse row twice, and the better one twice, in a quarter of all draws; so the bootstrap
 * intervals end at the worst and the best value that these rows can give.
 */
final class SampleCard {
  static final Schema SCHEMA = new Schema(
      List.of(new Feature.Numeric("amount"), new Feature.Categorical("country", List.of("DE"))),
      new Target.Classes("is_fraud", List.of("honest", "fraud")));

  private SampleCard() {}

  static TestScores scores() {
    return TestScores.of(new double[] {0, 0, 1, 1}, new double[] {0.1, 0.4, 0.35, 0.8}, "four");
  }

  static CardEvaluation evaluation() {
    return CardEvaluation.of(scores(), "country", List.of("DE", "FR", "FR", "FR"));
  }

  static ModelCard.Builder builder() {
    var importance = new LinkedHashMap<String, Double>();
    importance.put("country", 0.05);
    importance.put("amount", -0.2);
    return ModelCard.builder("fraud")
        .intendedUse("Ranks payments.\n\nPeople decide.")
        .testScores(scores())
        .groups("country", List.of("DE", "FR", "FR", "FR"))
        .importance(importance)
        .metrics(Map.of("latency_seconds", 0.0021))
        .data("source", "shop | till\nand phone")
        .lineage(Map.of("git.commit", "4f2e1d0c"));
  }

  static ModelCard registered() {
    var registration = new Registration(
        3,
        "ann",
        Instant.parse("2026-11-21T12:00:00Z"),
        "drift",
        Optional.of("run-7"),
        Map.of("team", "risk"));
    return builder().build().registered(registration, SCHEMA, Map.of(), Map.of("seed", "42"));
  }

  /** The expected text in a file beside this class. */
  static String expected(String file) {
    try (var in = SampleCard.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line per tag, so that a difference is readable. */
  static String lines(String html) {
    return html.replace("><", ">\n<");
  }
}
