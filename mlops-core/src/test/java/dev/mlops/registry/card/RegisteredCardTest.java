package dev.mlops.registry.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.model.ModelFile;
import dev.mlops.registry.compare.TestScores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegisteredCardTest {
  private static final Registration FIRST =
      new Registration(1, "ann", Instant.EPOCH, "", Optional.empty(), Map.of());
  private static final Schema QUANTITY =
      new Schema(List.of(new Feature.Numeric("amount")), new Target.Quantity("price"));

  @Test
  void build_withTexts_keepsThem() {
    ModelCard card = ModelCard.builder("fraud")
        .intendedUse("review")
        .limits("not for lending")
        .data("source", "2025")
        .data("rows", "48,000")
        .build();

    assertThat(card.intendedUse()).isEqualTo("review");
    assertThat(card.limits()).isEqualTo("not for lending");
    assertThat(card.data())
        .containsExactly(Map.entry("source", "2025"), Map.entry("rows", "48,000"));
    assertThat(card.registration()).isEmpty();
    assertThat(card.schema()).isEmpty();
    assertThat(card.confusion()).isEmpty();
    assertThat(card.groups()).isEmpty();
  }

  @Test
  void registered_withLineageAndMetrics_believesTheRecordAndKeepsWhatOnlyTheDraftSays() {
    ModelCard draft = ModelCard.builder("fraud")
        .limits("not for lending")
        .data("source", "2025")
        .lineage(Map.of("seed", "7", "author", "ann"))
        .metrics(Map.of("gain", 1.0, "cost", 2.0))
        .build();

    ModelCard card = draft.registered(
        FIRST, QUANTITY, Map.of("gain", 3.0, "auc", 4.0), Map.of("seed", "42", "commit", "4f2e"));

    assertThat(card.lineage())
        .containsExactly(
            Map.entry("commit", "4f2e"), Map.entry("seed", "42"), Map.entry("author", "ann"));
    assertThat(card.metrics())
        .extracting(MetricLine::name, MetricLine::value)
        .containsExactly(tuple("auc", 4.0), tuple("gain", 3.0), tuple("cost", 2.0));
    assertThat(card.limits()).isEqualTo("not for lending");
    assertThat(card.data()).containsEntry("source", "2025");
    assertThat(card.registration()).contains(FIRST);
    assertThat(card.schema()).contains(QUANTITY);
  }

  @Test
  void metrics_givenAndComputed_areListedOnceAsComputed() {
    ModelCard card = ModelCard.builder("fraud")
        .testScores(TestScores.of(new double[] {0, 1}, new double[] {0.2, 0.7}, "two"))
        .metrics(Map.of("accuracy", 0.1))
        .build();

    assertThat(card.metrics())
        .filteredOn(line -> line.name().equals("accuracy"))
        .singleElement()
        .satisfies(line -> assertThat(line.value()).isEqualTo(1));
  }

  @Test
  void confusion_ofTestScoresWithoutClasses_isNamedNegativeAndPositive() {
    ModelCard card = ModelCard.builder("fraud")
        .schema(QUANTITY)
        .testScores(TestScores.of(new double[] {0, 1}, new double[] {0.7, 0.7}, "two"))
        .build();

    assertThat(card.confusion())
        .contains(new ConfusionTable(
            List.of("negative", "positive"), List.of(List.of(0L, 1L), List.of(0L, 1L))));
  }

  @Test
  void files_ofACard_areItsThreeForms() {
    ModelCard card = ModelCard.builder("fraud").limits("über 18").build();

    List<ModelFile> files = card.files();

    assertThat(files)
        .extracting(ModelFile::name, ModelFile::format, file -> new String(file.content(), UTF_8))
        .containsExactly(
            tuple("model-card.json", "json", card.toJson()),
            tuple("model-card.md", "markdown", card.toMarkdown()),
            tuple("model-card.html", "html", card.toHtml()));
    assertThat(card.toJson()).startsWith("{").contains("über 18");
    assertThat(card.toMarkdown()).startsWith("# Model card: fraud").contains("über 18");
    assertThat(card.toHtml()).startsWith("<!DOCTYPE html>").contains("über 18");
  }
}
