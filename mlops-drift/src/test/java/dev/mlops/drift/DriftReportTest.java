package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.drift.DriftReport.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DriftReportTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static Columns table(int features, int rows, long seed, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    Columns.Builder builder = Columns.builder();
    for (int f = 0; f < features; f++) {
      double moved = f % 7 == 1 ? shift : 0;
      if (f % 5 == 4) {
        String[] c = new String[rows];
        for (int i = 0; i < rows; i++) {
          double u = random.nextDouble();
          c[i] = random.nextInt(30) == 0 && moved > 0
              ? "brand new"
              : "category " + (int) (14 * Math.pow(u, 1.5 + 2 * moved));
        }
        builder.categorical("merchant type " + f, c);
      } else {
        double[] v = new double[rows];
        for (int i = 0; i < rows; i++) {
          double u = random.nextDouble() + moved * random.nextDouble();
          v[i] = switch (f % 5) {
            case 0 -> 100 * Math.exp(2 * u * u);
            case 1 -> Math.sqrt(u) * 40 - 12;
            case 2 -> random.nextInt(12) == 0 && moved > 0 ? Double.NaN : Math.floor(u * 9);
            default -> u < 0.4 ? 0 : u;
          };
        }
        builder.numeric("feature_" + f, v);
      }
    }
    return builder.build();
  }

  static DriftReport report(int features) {
    return Baseline.fit(table(features, 5000, 1, 0)).compare(table(features, 2000, 2, 0.6));
  }

  private static List<DriftMonitor.Point> history(int features, int windows) {
    SplittableRandom random = new SplittableRandom(3);
    List<DriftMonitor.Point> points = new ArrayList<>();
    for (int w = 0; w < windows; w++) {
      List<Double> effects = new ArrayList<>();
      for (int f = 0; f < features; f++) {
        effects.add(0.03 * random.nextDouble() + (f % 7 == 1 && w > windows / 2 ? 0.25 : 0));
      }
      points.add(new DriftMonitor.Point(Instant.ofEpochSecond(3600L * w), Verdict.STABLE, effects));
    }
    return points;
  }

  @Test
  void toHtml_ofAHundredFeaturesWithHistory_staysBelow300kB() throws IOException {
    for (int features : new int[] {5, 100, 200}) {
      String html = report(features).toHtml(history(features, 200));
      Path file = Path.of("target", "drift-report-" + features + ".html");
      Files.createDirectories(file.getParent());
      Files.writeString(file, html);
      if (features <= 100) {
        assertThat(html.getBytes(StandardCharsets.UTF_8).length)
            .as("%s features", features)
            .isLessThan(300_000);
      }
      assertThat(html).doesNotContain("<script", "http://", "https://", "NaN", "Infinity");
    }
  }

  @Test
  void toJson_ofEveryKindOfReport_keepsToThePublishedSchema() throws IOException {
    JsonNode schema = MAPPER.readTree(DriftReport.jsonSchema());
    Baseline baseline = Baseline.fit(table(10, 500, 1, 0));
    double[] infinite = {Double.POSITIVE_INFINITY, 1, 2, Double.NEGATIVE_INFINITY};
    List<DriftReport> reports = List.of(
        report(20),
        baseline.compare(table(10, 400, 2, 0.5), DriftPolicy.psi()),
        baseline.compare(table(10, 400, 2, 0.5), DriftPolicy.evidently(5000)),
        baseline.compare(table(3, 5, 2, 0)),
        baseline.compare(Columns.builder().numeric("merchant type 4", 1).build()),
        Baseline.fit(Columns.builder().numeric("x", infinite).build())
            .compare(Columns.builder().numeric("x", infinite).build(), DriftPolicy.caseStudy()));

    for (DriftReport report : reports) {
      assertThat(SchemaCheck.problems(schema, MAPPER.readTree(report.toJson()))).isEmpty();
    }
  }

  @Test
  void schema_ofABrokenReport_complains() throws IOException {
    JsonNode schema = MAPPER.readTree(DriftReport.jsonSchema());
    ObjectNode json = (ObjectNode) MAPPER.readTree(report(5).toJson());
    json.put("formatVersion", 2).remove("verdict");
    ((ObjectNode) json.at("/features/0/evidence")).put("pValue", 0);

    assertThat(SchemaCheck.problems(schema, json)).hasSize(3);
  }

  @Test
  void outputs_inAGermanLocale_areTheSame() {
    DriftReport report = report(12);
    String json = report.toJson();
    String html = report.toHtml();
    String messages = report.features().toString();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      DriftReport again = report(12);

      assertThat(again.toJson()).isEqualTo(json);
      assertThat(again.toHtml()).isEqualTo(html);
      assertThat(again.features().toString()).isEqualTo(messages);
      assertThat(again.toCaseStudyJson()).isEqualTo(report.toCaseStudyJson());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void pValues_ofEveryReport_areNeitherZeroNorNaN() {
    for (DriftPolicy policy : List.of(
        DriftPolicy.defaults(),
        DriftPolicy.caseStudy(),
        DriftPolicy.psi(),
        DriftPolicy.evidently(10),
        DriftPolicy.nannyml())) {
      DriftReport report =
          Baseline.fit(table(20, 3000, 1, 0)).compare(table(20, 3000, 2, 5), policy);
      assertThat(report.features())
          .allSatisfy(f -> assertThat(f.evidence().pValue()).isPositive().isLessThanOrEqualTo(1));
    }
  }
}
