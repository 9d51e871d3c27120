package dev.mlops.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.TableCheck;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.training.internal.Envelope;
import dev.mlops.training.internal.PipelinePredictor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A fitted model with its transforms, and what is needed to register it. Immutable, so safe for use
 * by several threads.
 */
public final class TrainedModel {
  private static final int GOLDEN_ROWS = 32;

  private final Recipe recipe;
  private final PipelinePredictor predictor;
  private final GoldenRows goldenRows;
  private final List<TableCheck.Warning> warnings;
  private final String dataFingerprint;

  TrainedModel(Recipe recipe, PipelinePredictor predictor, Table table) {
    this.recipe = requireNonNull(recipe, "recipe");
    this.predictor = requireNonNull(predictor, "predictor");
    this.goldenRows = goldenRows(predictor, table);
    this.warnings = TableCheck.of(table);
    this.dataFingerprint = table.fingerprint();
  }

  /** Rows spread evenly over the training table that the model can answer. */
  private static GoldenRows goldenRows(PipelinePredictor predictor, Table table) {
    int count = Math.min(GOLDEN_ROWS, table.size());
    return GoldenRows.record(
        predictor,
        IntStream.range(0, count)
            .mapToObj(i -> table.row((int) ((long) i * table.size() / count)))
            .toArray(double[][]::new));
  }

  /**
   * Returns the signature.
   *
   * @return the schema of the training table
   */
  public Schema schema() {
    return predictor.schema();
  }

  /**
   * Returns the recipe that made this model.
   *
   * @return the recipe
   */
  public Recipe recipe() {
    return recipe;
  }

  /**
   * Returns the model with its transforms: what is served gives these scores, bit for bit.
   *
   * @return a predictor that is safe for use by several threads
   */
  public Predictor predictor() {
    return predictor;
  }

  /**
   * Identifies the training table.
   *
   * @return {@link Table#fingerprint()} of it
   */
  public String dataFingerprint() {
    return dataFingerprint;
  }

  /**
   * Returns the traps that were found in the training table: columns that carry nothing, say the
   * same twice or give the answer away, and rare classes.
   *
   * @return the warnings, empty if there are none
   */
  public List<TableCheck.Warning> warnings() {
    return warnings;
  }

  /**
   * Returns what to store with a version of this model: the model with its transforms
   * ({@code model.tribuo}), the recipe ({@code recipe.json}) and the golden rows.
   *
   * @return the files
   */
  public List<ModelFile> files() {
    return List.of(
        new ModelFile("model.tribuo", predictor.format(), Envelope.write(predictor)),
        new ModelFile("recipe.json", "json", recipe.toJson().getBytes(UTF_8)),
        goldenRows.toFile());
  }
}
