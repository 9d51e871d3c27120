package dev.mlops.data;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import java.util.List;

/** Any text gives expectations or one of our own errors; expectations survive a round trip. */
class ExpectationsFuzz {
  private static final Table TABLE =
      Table.of(
          new Schema(
              List.of(
                  new Feature.Numeric("x"), new Feature.Categorical("c", List.of("a", "b"))),
              new Target.Classes("y", List.of("no", "yes"))),
          new double[][] {{1, 0}, {Double.NaN, 1}, {3, -1}},
          new double[] {0, 1, 0});

  @FuzzTest(maxDuration = "10m")
  void fromJson(FuzzedDataProvider data) {
    try {
      Expectations expectations = Expectations.fromJson(data.consumeRemainingAsString());
      if (!Expectations.fromJson(expectations.toJson()).equals(expectations)) {
        throw new AssertionError("changed by a round trip: " + expectations.toJson());
      }
      ValidationReport report = expectations.check(TABLE);
      report.toJson();
      report.toHtml();
      expectations.check(TABLE.schema(), TABLE.row(1));
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }
}
