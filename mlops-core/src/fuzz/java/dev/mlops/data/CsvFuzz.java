package dev.mlops.data;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes give a table or one of our own errors, and a table reads back by its own schema. */
class CsvFuzz {
  @FuzzTest(maxDuration = "10m")
  void read(FuzzedDataProvider data) throws IOException {
    Path file = Files.createTempFile("fuzz", ".csv");
    try {
      char delimiter = data.pickValue(new Character[] {',', ';', '\t'});
      boolean quantity = data.consumeBoolean();
      byte[] content = data.consumeRemainingAsBytes();
      Files.write(file, content);
      Csv.Builder builder = Csv.builder().delimiter(delimiter);
      Csv csv = quantity ? builder.quantityLabel().build() : builder.build();
      Table table = csv.readTable(file, "y");
      Table again = csv.readTable(file, table.schema());
      if (!again.fingerprint().equals(table.fingerprint())) {
        throw new AssertionError("the table changed when it was read by its own schema");
      }
      Expectations expectations = Expectations.infer(table);
      if (!expectations.check(table).passed()) {
        throw new AssertionError(
            "a table breaks what was inferred from it: " + expectations.check(table).failures());
      }
      TableCheck.of(table);
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
