package dev.mlops.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnTableTest {
  @TempDir
  Path directory;

  @Test
  void ownTable_withTextsMissingNumbersAndThreeClasses_runsThrough() throws IOException {
    Path csv = Files.writeString(directory.resolve("plans.csv"), table(300, new Random(1)));
    Path out = directory.resolve("out");

    Lifecycle.Outcome outcome = new Lifecycle(
            Options.parse("--out=" + out, "--csv=" + csv, "--label=plan"),
            new PrintStream(new ByteArrayOutputStream(), true, UTF_8))
        .run();

    assertThat(outcome.version().model()).isEqualTo("plans");
    assertThat(outcome.version().schema().outputs()).isEqualTo(3);
    assertThat(outcome.promotion().accepted()).isTrue();
    assertThat(out.resolve("reports/ab-test.html")).isNotEmptyFile();
  }

  private static String table(int rows, Random random) {
    String[] cities = {"Bonn", "Lyon", "Ulm"};
    StringBuilder csv = new StringBuilder("age,city,income,plan\n");
    for (int i = 0; i < rows; i++) {
      int age = 18 + random.nextInt(60);
      String city = cities[random.nextInt(3)];
      String income = random.nextInt(10) == 0
          ? ""
          : String.format(Locale.ROOT, "%.2f", 3000 + 800 * random.nextGaussian());
      double score = (age > 48 ? 1 : 0) + (city.equals("Ulm") ? 1 : 0) + random.nextDouble();
      String plan = score > 1.8 ? "gold" : score > 0.8 ? "silver" : "basic";
      csv.append(age)
          .append(',')
          .append(city)
          .append(',')
          .append(income)
          .append(',')
          .append(plan);
      csv.append('\n');
    }
    return csv.toString();
  }
}
