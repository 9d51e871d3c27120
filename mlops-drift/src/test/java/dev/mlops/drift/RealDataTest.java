package dev.mlops.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every real-data vector, from the rows themselves: distance, p, Wasserstein and the report. */
class RealDataTest {
  @TestFactory
  Stream<DynamicTest> rows_ofEverySlice_giveTheReferenceValues() {
    return Vectors.section("real_data").properties().stream().flatMap(set -> {
      Map<String, Columns> slices = read(set.getKey());
      Columns reference = Objects.requireNonNull(slices.get("reference"));
      Baseline baseline = Baseline.fit(reference);
      return set.getValue().properties().stream()
          .map(slice -> DynamicTest.dynamicTest(
              set.getKey() + " " + slice.getKey(),
              () -> check(
                  baseline,
                  reference,
                  Objects.requireNonNull(slices.get(slice.getKey())),
                  slice.getValue())));
    });
  }

  private static void check(Baseline baseline, Columns reference, Columns live, JsonNode expected) {
    DriftReport report = baseline.compare(live, DriftPolicy.caseStudy());
    Profile profile = baseline.newProfile();
    profile.record(live);
    assertThat(expected).isNotEmpty();
    for (Map.Entry<String, JsonNode> feature : expected.properties()) {
      String name = feature.getKey();
      JsonNode v = feature.getValue();
      double[] x = reference.numbers(name);
      double[] y = live.numbers(name);
      double d = v.get("D").doubleValue();
      assertThat(x).as(name).hasSize(v.get("n").intValue());
      assertThat(y).as(name).hasSize(v.get("m").intValue());

      KolmogorovSmirnov.Result test = KolmogorovSmirnov.test(x, y);

      assertThat(test.statistic()).as(name).isCloseTo(d, within(1e-12));
      KolmogorovSmirnovTest.assertProbability(test.pValue(), v.get("p").doubleValue(), name);
      double wasserstein = v.get("W_norm").doubleValue();
      assertThat(PeerConventions.evidentlyWasserstein(x, y))
          .as(name)
          .isCloseTo(wasserstein, within(1e-9 * wasserstein));
      FeatureDrift.Evidence evidence = report.feature(name).orElseThrow().evidence();
      assertThat(evidence.statistic()).as(name).isEqualTo(test.statistic());
      assertThat(evidence.pValue()).as(name).isEqualTo(test.pValue());
      var bounds = profile.distanceBounds(baseline.names().indexOf(name));
      assertThat(test.statistic()).as(name).isBetween(bounds.low(), bounds.high());
    }
  }

  /** The columns of each slice, by the name in the first column. */
  private static Map<String, Columns> read(String set) {
    String file = "real_" + set + ".csv.gz";
    Map<String, List<double[]>> rows = new LinkedHashMap<>();
    String[] names;
    try (BufferedReader in = new BufferedReader(new InputStreamReader(
        new GZIPInputStream(
            Objects.requireNonNull(RealDataTest.class.getResourceAsStream(file), file)),
        StandardCharsets.UTF_8))) {
      names = Objects.requireNonNull(in.readLine()).split(",");
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] cells = line.split(",");
        double[] row = new double[names.length - 1];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.parseDouble(cells[i + 1]);
        }
        rows.computeIfAbsent(cells[0], s -> new ArrayList<>()).add(row);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Map<String, Columns> slices = new LinkedHashMap<>();
    rows.forEach((slice, values) -> {
      Columns.Builder columns = Columns.builder();
      for (int i = 1; i < names.length; i++) {
        int column = i - 1;
        columns.numeric(names[i], values.stream().mapToDouble(r -> r[column]).toArray());
      }
      slices.put(slice, columns.build());
    });
    return slices;
  }
}
