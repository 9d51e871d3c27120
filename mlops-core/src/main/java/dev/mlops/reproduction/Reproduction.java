package dev.mlops.reproduction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.ModelRef;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.tracking.Lineage;
import dev.mlops.training.Recipe;
import dev.mlops.training.TrainedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A registered version, trained again from its recorded recipe and compared row by row with the
 * stored model. Immutable.
 *
 * @param version the version that was reproduced
 * @param data the fingerprints of the recorded and of the given training table
 * @param environment what the recorded lineage says otherwise than this process, by name
 * @param rows how many rows were compared
 * @param differences every row whose scores are not bit-equal, in row order
 */
public record Reproduction(
    ModelRef.Version version,
    Change data,
    Map<String, Change> environment,
    int rows,
    List<RowDifference> differences) {

  /**
   * A recorded value and the one found now.
   *
   * @param recorded what was recorded with the version, or empty if nothing was
   * @param now what was found, or empty if nothing was
   */
  public record Change(Optional<String> recorded, Optional<String> now) {
    /** Creates a change. */
    public Change {
      requireNonNull(recorded, "recorded");
      requireNonNull(now, "now");
    }

    /**
     * Tells whether both are there and equal.
     *
     * @return true if nothing changed
     */
    public boolean same() {
      return recorded.isPresent() && recorded.equals(now);
    }

    @Override
    public String toString() {
      return "recorded " + recorded.orElse("nothing") + ", now " + now.orElse("nothing");
    }
  }

  /**
   * A row on which the two models disagree.
   *
   * @param row the row's index in the table
   * @param recorded the stored model's scores, copied
   * @param now the retrained model's scores, copied
   */
  public record RowDifference(int row, List<Double> recorded, List<Double> now) {
    /** Copies the scores. */
    public RowDifference {
      recorded = List.copyOf(recorded);
      now = List.copyOf(now);
    }

    /**
     * Returns the largest absolute difference of one score.
     *
     * @return at least 0
     */
    public double largest() {
      double largest = 0;
      for (int k = 0; k < recorded.size(); k++) {
        largest = Math.max(largest, Math.abs(recorded.get(k) - now.get(k)));
      }
      return largest;
    }
  }

  private static final String FINGERPRINT = TrainedModel.DATA_FINGERPRINT;

  /** Creates a result; copies the collections. */
  public Reproduction {
    requireNonNull(version, "version");
    requireNonNull(data, "data");
    environment = Map.copyOf(environment);
    differences = List.copyOf(differences);
  }

  /**
   * Trains a version again and compares. The registry is only read.
   *
   * @param registry holds the version
   * @param ref the version, by number or alias
   * @param table the training table, as it was or as it is now
   * @return what differs
   * @throws dev.mlops.error.NotFoundException if there is no such version, or it has no recipe or
   *     model that this process can read
   * @throws InvalidInputException if the table has another schema than the version
   */
  public static Reproduction of(ModelRegistry registry, ModelRef ref, Table table) {
    ModelVersion version = registry.get(ref);
    if (!version.schema().equals(table.schema())) {
      throw new InvalidInputException(version.ref() + " was trained on the schema "
          + version.schema() + ", the table has " + table.schema());
    }
    Recipe recipe =
        Recipe.fromJson(new String(registry.read(version, TrainedModel.RECIPE_FILE), UTF_8));
    List<RowDifference> differences = new ArrayList<>();
    try (Predictor stored = stored(registry, version);
        Predictor again = recipe.train(table).predictor()) {
      for (int row = 0; row < table.size(); row++) {
        double[] recorded = stored.predict(table.row(row));
        double[] now = again.predict(table.row(row));
        if (!Arrays.equals(recorded, now)) {
          differences.add(new RowDifference(row, boxed(recorded), boxed(now)));
        }
      }
    }
    return new Reproduction(
        version.ref(),
        new Change(
            Optional.ofNullable(version.lineage().get(FINGERPRINT)),
            Optional.of(table.fingerprint())),
        environment(version.lineage()),
        table.size(),
        differences);
  }

  /** Reads what serves: the compiled model, or the library's own if there is none. */
  private static Predictor stored(ModelRegistry registry, ModelVersion version) {
    Artifact artifact = version.artifact(
        version.artifacts().containsKey(FlatFormat.FILE_NAME)
            ? FlatFormat.FILE_NAME
            : TrainedModel.MODEL_FILE);
    return ModelFormats.installed()
        .get(artifact.format())
        .read(registry.read(version, artifact.name()), version.schema());
  }

  /** What shapes a model and is not in its recipe: Java and the libraries. */
  private static Map<String, Change> environment(Map<String, String> recorded) {
    Map<String, String> now = Lineage.capture(Path.of(""));
    Map<String, Change> changes = new TreeMap<>();
    var names = new TreeSet<String>();
    names.addAll(recorded.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      boolean shapesTheModel = name.equals("java.version") || name.startsWith("library.");
      var change =
          new Change(Optional.ofNullable(recorded.get(name)), Optional.ofNullable(now.get(name)));
      if (shapesTheModel && !change.same()) {
        changes.put(name, change);
      }
    }
    return changes;
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  /**
   * Tells whether the version was reproduced: the same data gave bit-equal scores on every row.
   *
   * @return true if neither the data nor a score differs
   */
  public boolean exact() {
    return data.same() && differences.isEmpty();
  }

  /**
   * Says what differs.
   *
   * @return one line per difference of data and environment, and one for the scores
   */
  public String explanation() {
    List<String> lines = new ArrayList<>();
    lines.add(version + (exact() ? " was reproduced exactly" : " was not reproduced"));
    if (!data.same()) {
      lines.add("data fingerprint: " + data);
    }
    environment.forEach((name, change) -> lines.add(name + ": " + change));
    if (differences.isEmpty()) {
      lines.add("scores: equal to the last bit on all " + rows + " rows");
    } else {
      RowDifference first = differences.get(0);
      double largest =
          differences.stream().mapToDouble(RowDifference::largest).max().orElse(0);
      lines.add(
          "scores: " + differences.size() + " of " + rows + " rows differ, by up to " + largest
              + "; first row " + first.row() + ": " + first.recorded() + " recorded, " + first.now()
              + " now");
    }
    return String.join(System.lineSeparator(), lines);
  }
}
