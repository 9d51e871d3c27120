package dev.mlops.registry.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import dev.mlops.registry.compare.TestScores;
import dev.mlops.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ModelCardTest {
  private static final Schema SCHEMA = new Schema(
      List.of(
          new Feature.Numeric("amount"),
          new Feature.Categorical("country", List.of("DE", "FR", "IT"))),
      new Target.Classes("is_fraud", List.of("honest", "fraud")));

  private static ModelCard card(int rows) {
    var random = new SplittableRandom(1);
    double[] labels = new double[rows];
    double[] scores = new double[rows];
    var groups = new ArrayList<String>();
    for (int i = 0; i < rows; i++) {
      double z = 6 * random.nextDouble() - 4 + random.nextDouble();
      scores[i] = 1 / (1 + Math.exp(-z));
      labels[i] = random.nextDouble() < scores[i] ? 1 : 0;
      groups.add(List.of("DE", "FR", "IT").get(random.nextInt(3)));
    }
    var importance = new LinkedHashMap<String, Double>();
    for (int i = 0; i < 20; i++) {
      importance.put("feature_" + i, 0.2 / (i + 1) * (i == 3 ? -1 : 1));
    }
    return ModelCard.builder("fraud")
        .intendedUse("Ranks card payments by the risk of fraud for manual review.\n\nA reviewer"
            + " decides; the score alone blocks nothing.")
        .limits("Not for lending. Trained on payments of 2025; shops opened since are unknown.")
        .schema(SCHEMA)
        .testScores(TestScores.of(labels, scores, "rows"))
        .groups("country", groups)
        .importance(importance)
        .metrics(Map.of("latency_p99_seconds", 0.0021))
        .data("source", "payments 2025-01 to 2025-12")
        .data("rows", "48,000 training, 12,000 test, split by time")
        .data("fingerprint", "sha256:" + "0a1b2c3d".repeat(8))
        .lineage(Map.of("git.commit", "4f2e1d0c9b8a79685746352413021f0e0d0c0b0a"))
        .build();
  }

  @Test
  void html_isOneSmallPageWithAllParts() {
    String html = card(1_000).toHtml();

    // more rows make no larger page: the curves have all the points that they may have
    assertThat(html.split("class=\"curve\" points=\"")[1].split("\"")[0].split(" "))
        .hasSize(200);
    assertThat(html)
        .contains("ROC curve", "Precision and recall", "Calibration", "Confusion")
        .contains("Feature importance", "By country", "Intended use", "Limits", "Lineage")
        .contains("DeLong", "bootstrap", "honest", "latency_p99_seconds")
        .doesNotContain("<script", "http://", "https://", "NaN");
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(300_000);
  }

  @Test
  void metrics_haveIntervalsAroundTheirValues() {
    ModelCard card = card(800);

    assertThat(card.metrics())
        .filteredOn(MetricLine::hasInterval)
        .hasSize(8)
        .allSatisfy(line -> assertThat(line.value()).isBetween(line.low(), line.high()));
    assertThat(card.metrics()).extracting(MetricLine::name).contains("latency_p99_seconds");
    assertThat(card.groups())
        .extracting(GroupLine::rows)
        .satisfies(
            rows -> assertThat(rows.stream().mapToInt(Integer::intValue).sum()).isEqualTo(800));
    ConfusionTable confusion = card.confusion().orElseThrow();
    assertThat(confusion.classes()).containsExactly("honest", "fraud");
    long right = confusion.counts().get(0).get(0) + confusion.counts().get(1).get(1);
    assertThat(card.metrics().stream().filter(l -> l.name().equals("accuracy")).findFirst())
        .get()
        .extracting(MetricLine::value)
        .isEqualTo(right / 800.0);
  }

  @Test
  void json_holdsTheCurves() throws Exception {
    var node =
        new com.fasterxml.jackson.databind.ObjectMapper().readTree(card(500).toJson());

    assertThat(node.get("formatVersion").asInt()).isEqualTo(1);
    assertThat(node.get("roc").get(0).get(0).asDouble()).isZero();
    assertThat(node.get("roc").get(node.get("roc").size() - 1).get(1).asDouble())
        .isEqualTo(1);
    assertThat(node.get("roc").size()).isLessThanOrEqualTo(200);
    double rows = 0;
    for (var bin : node.get("calibration")) {
      rows += bin.get(2).asDouble();
    }
    assertThat(rows).isEqualTo(500);
    assertThat(node.get("groups").size()).isEqualTo(3);
    assertThat(node.get("confusion").get("counts").size()).isEqualTo(2);
    assertThat(node.get("precisionRecall").get(0).get(0).asDouble()).isCloseTo(0, within(1e-12));
  }

  @Test
  void hostileTexts_areEscapedInEveryForm() {
    String evil = "<script>alert(1)</script>\"'&|[x](javascript:1)";
    ModelCard card = ModelCard.builder("fraud")
        .intendedUse(evil)
        .limits(evil)
        .data(evil, evil)
        .lineage(Map.of(evil, evil))
        .importance(Map.of(evil, 1.0))
        .metrics(Map.of(evil, 0.5))
        .confusion(
            new ConfusionTable(List.of(evil, "b"), List.of(List.of(1L, 2L), List.of(3L, 4L))))
        .schema(new Schema(
            List.of(new Feature.Numeric(evil)), new Target.Classes("y", List.of(evil, "b"))))
        .testScores(TestScores.of(new double[] {0, 1, 0, 1}, new double[] {.1, .9, .6, .4}, "r"))
        .groups(evil, List.of(evil, evil, "b", "b"))
        .build();

    assertThat(card.toHtml()).doesNotContain("<script", "\"'&|").contains("&lt;script&gt;");
    assertThat(card.toMarkdown()).doesNotContain("<script").doesNotContain(" [x](");
    assertThat(card.toJson()).contains("<script>alert(1)");
  }

  @Test
  void emptyCard_andOneClassOnly_sayWhatIsNotKnown() {
    ModelCard empty = ModelCard.builder("fraud").build();
    assertThat(empty.toHtml()).contains("Not stated.").doesNotContain("ROC");
    assertThat(empty.toMarkdown()).contains("Not stated.");

    ModelCard oneClass = ModelCard.builder("fraud")
        .testScores(TestScores.of(new double[] {1, 1}, new double[] {.5, .6}, "r"))
        .build();
    assertThat(oneClass.toHtml()).contains("not determined");
    assertThat(oneClass.metrics().get(0).hasInterval()).isFalse();
  }

  @Test
  void badInput_isRefused() {
    TestScores scores = TestScores.of(new double[] {1, 0}, new double[] {.5, .6}, "r");
    assertThatThrownBy(() -> ModelCard.builder("m").groups("g", List.of("a")).build())
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() ->
            ModelCard.builder("m").testScores(scores).groups("g", List.of("a")).build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("2 test rows and groups for 1");
    assertThatThrownBy(() -> ModelCard.builder("m")
            .testScores(TestScores.of(new double[] {2}, new double[] {.5}, "r"))
            .build())
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ModelCard.builder("m")
            .testScores(TestScores.of(new double[] {1}, new double[] {1.5}, "r"))
            .build())
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new ConfusionTable(List.of("a"), List.of()))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void register_withACard_writesItsThreeFormsForTheNumber() throws Exception {
    ModelRegistry registry = registry();
    registry.register("fraud", draft("first").build());

    ModelVersion version = registry
        .because("retrained on <2025> & later")
        .register(
            "fraud",
            draft("second")
                .card(card(3_000))
                .metric("latency_p99_seconds", 0.0034)
                .metric("training_seconds", 12)
                .lineage(Map.of("seed", "42", "git.commit", "recorded"))
                .tag("team", "risk")
                .run("run-7")
                .build());

    String html = text(registry, version, ModelCard.HTML_FILE);
    assertThat(html)
        .contains("<h1>fraud, version 2</h1>", "<title>Model card: fraud, version 2</title>")
        .contains("2026-11-21 12:00:00 UTC", "ann", "retrained on &lt;2025&gt; &amp; later")
        .contains("run-7", "Tag team", "risk", "training_seconds", "seed", "recorded", "amount")
        .contains("ROC curve", "By country", "A reviewer decides")
        .doesNotContain("4f2e1d0c", "<2025>", "<script", "http://", "https://");
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(300_000);
    assertThat(text(registry, version, ModelCard.MARKDOWN_FILE))
        .startsWith("# Model card: fraud, version 2\n")
        .contains("| roc_auc |", "| latency_p99_seconds | 0.0034 |", "| Registered by | ann |");
    var json = new com.fasterxml.jackson.databind.ObjectMapper()
        .readTree(text(registry, version, ModelCard.JSON_FILE));
    assertThat(json.at("/registration/version").asInt()).isEqualTo(2);
    assertThat(json.at("/registration/at").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(json.at("/registration/tags/team").asText()).isEqualTo("risk");
    assertThat(json.at("/signature/0/column").asText()).isEqualTo("amount");
    assertThat(registry.verify().intact()).isTrue();
    Files.writeString(Path.of("target", "model-card-sample.html"), html);
  }

  @Test
  void register_withoutACard_writesASmallerOne() throws Exception {
    ModelRegistry registry = registry();

    ModelVersion version =
        registry.register("fraud", draft("m").metric("roc_auc", 0.91).build());

    String html = text(registry, version, ModelCard.HTML_FILE);
    assertThat(html)
        .contains("fraud, version 1", "0.9100", "Not stated.", "country", "ann")
        .doesNotContain("ROC curve");
    assertThat(html.length()).isLessThan(10_000);
    assertThat(version.artifacts().keySet())
        .containsExactly(
            ModelCard.HTML_FILE, ModelCard.JSON_FILE, ModelCard.MARKDOWN_FILE, "model.flat");
  }

  @Test
  void register_withFormsOfTheCallersOwn_keepsThem() throws Exception {
    ModelRegistry registry = registry();
    var own = new ModelFile(ModelCard.HTML_FILE, "html", "our own page".getBytes(UTF_8));

    ModelVersion version = registry.register("fraud", draft("m").file(own).build());

    assertThat(text(registry, version, ModelCard.HTML_FILE)).isEqualTo("our own page");
    assertThat(text(registry, version, ModelCard.MARKDOWN_FILE)).contains("version 1");
  }

  @Test
  void register_withTheCardOfAnotherModel_isRefusedBeforeAnythingIsWritten() {
    ModelRegistry registry = registry();

    assertThatThrownBy(
            () -> registry.register("churn", draft("m").card(card(100)).build()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("about model 'fraud', the version is of 'churn'");
    assertThat(registry.models()).isEmpty();
    assertThat(registry.verify().objects()).isZero();
  }

  private static ModelRegistry registry() {
    return ModelRegistry.builder(ObjectStore.inMemory())
        .actor("ann")
        .clock(Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC))
        .build();
  }

  private static VersionDraft.Builder draft(String content) {
    return VersionDraft.builder()
        .schema(SCHEMA)
        .file(new ModelFile("model.flat", "flat", content.getBytes(UTF_8)));
  }

  private static String text(ModelRegistry registry, ModelVersion version, String file) {
    return new String(registry.read(version, file), UTF_8);
  }

  @Test
  void markdown_ofTextsWithBackslashes_hasNoLiveLink() {
    String evil = "\\[x](javascript:alert(1)) \\`code\\`";
    String markdown = ModelCard.builder("fraud").intendedUse(evil).build().toMarkdown();

    assertThat(markdown).contains("\\\\\\[x](javascript:alert(1)) \\\\\\`code\\\\\\`");
  }

  @Test
  void html_ofThousandsOfFeaturesGroupsAndClasses_staysSmallAndSaysWhatItLeavesOut() {
    int many = 5_000;
    var features = new ArrayList<Feature>();
    var importance = new LinkedHashMap<String, Double>();
    var tags = new LinkedHashMap<String, String>();
    double[] labels = new double[many];
    double[] scores = new double[many];
    var groups = new ArrayList<String>();
    for (int i = 0; i < many; i++) {
      features.add(new Feature.Numeric("a_feature_with_a_rather_long_name_" + i));
      importance.put("a_feature_with_a_rather_long_name_" + i, 1.0 / (i + 1));
      tags.put("tag" + i, "<&\">".repeat(2_000));
      labels[i] = i % 2;
      scores[i] = i / (double) many;
      groups.add("group " + i / 2);
    }
    int classes = 300;
    var names = new ArrayList<String>();
    var counts = new ArrayList<List<Long>>();
    for (int i = 0; i < classes; i++) {
      names.add("class " + i);
      counts.add(Collections.nCopies(classes, (long) i));
    }
    ModelCard card = ModelCard.builder("fraud")
        .limits("Not for lending. ".repeat(100_000))
        .schema(new Schema(features, new Target.Classes("y", List.of("no", "yes"))))
        .importance(importance)
        .testScores(TestScores.of(labels, scores, "rows"))
        .groups("shop", groups)
        .confusion(new ConfusionTable(names, counts))
        .lineage(tags)
        .build();

    String html = card.toHtml();

    assertThat(html.getBytes(UTF_8).length).isLessThanOrEqualTo(300_000);
    assertThat(html).containsPattern("and 4,?9\\d\\d more; all are in the JSON form");
    assertThat(html).contains("most frequent of 300 classes", "class 299", "</main></body></html>");
    assertThat(card.toJson()).contains("a_feature_with_a_rather_long_name_4999", "group 2499");
  }
}
