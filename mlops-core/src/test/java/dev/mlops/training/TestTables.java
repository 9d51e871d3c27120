package dev.mlops.training;

import dev.mlops.data.Csv;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.model.ModelFile;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Tables that tests share. */
public final class TestTables {
  private TestTables() {}

  public static Path resource(String name) {
    try {
      return Path.of(java.util.Objects.requireNonNull(TestTables.class.getResource(name), name)
          .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The training library's own file of a model, whatever else the model is stored as. */
  public static ModelFile tribuoFile(TrainedModel model) {
    return model.files().stream()
        .filter(file -> file.format().equals("tribuo"))
        .findAny()
        .orElseThrow();
  }

  public static Table breastCancer() {
    return Csv.read(resource("/dev/mlops/data/breast-cancer.csv"), "diagnosis");
  }

  public static Table iris() {
    return Csv.read(resource("/dev/mlops/data/iris.csv"), "species");
  }

  public static Table diabetes() {
    return Csv.builder()
        .quantityLabel()
        .build()
        .readTable(resource("/dev/mlops/data/diabetes.csv"), "progression");
  }

  /** Numbers and categories with missing values and one class in ten. */
  public static Table mixed(int rows, long seed) {
    var schema = new Schema(
        List.of(
            new Feature.Numeric("amount"),
            new Feature.Numeric("hour"),
            new Feature.Categorical("country", List.of("AT", "DE", "FR")),
            new Feature.Categorical("device", List.of("app", "web"))),
        new Target.Classes("fraud", List.of("no", "yes")));
    var random = new Random(seed);
    double[][] values = new double[rows][];
    double[] targets = new double[rows];
    for (int i = 0; i < rows; i++) {
      boolean fraud = i % 10 == 0;
      targets[i] = fraud ? 1 : 0;
      values[i] = new double[] {
        random.nextInt(20) == 0 ? Double.NaN : Math.exp(random.nextGaussian() + (fraud ? 1.5 : 0)),
        random.nextInt(24),
        random.nextInt(15) == 0 ? Double.NaN : random.nextInt(fraud ? 2 : 3),
        random.nextInt(2)
      };
    }
    return Table.of(schema, values, targets);
  }
}
