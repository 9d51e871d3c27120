package dev.mlops.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.TableCheck;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.training.internal.Compilation;
import dev.mlops.training.internal.Envelope;
import dev.mlops.training.internal.PipelinePredictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fitted model with its transforms, and what is needed to register it. Immutable, so safe for use
 * by several threads.
 */
public final class TrainedModel {
  /** The name of the file with the library's own model and its transforms. */
  public static final String MODEL_FILE = "model.tribuo";

  /** The name of the file with the recipe. */
  public static final String RECIPE_FILE = "recipe.json";

  /** The name under which {@link #lineage()} gives the fingerprint of the training table. */
  public static final String DATA_FINGERPRINT = "data.fingerprint";

  private static final Logger LOG = LoggerFactory.getLogger(TrainedModel.class);
  private static final int GOLDEN_ROWS = 32;

  private final Recipe recipe;
  private final PipelinePredictor library;
  private final Predictor predictor;
  private final Optional<String> notCompiled;
  private final GoldenRows goldenRows;
  private final List<TableCheck.Warning> warnings;
  private final String dataFingerprint;
  private final int trainingRows;

  TrainedModel(Recipe recipe, PipelinePredictor library, Table table) {
    this.recipe = requireNonNull(recipe, "recipe");
    this.library = requireNonNull(library, "library");
    this.goldenRows = goldenRows(library, table);
    Compilation compilation =
        checked(library.scorer().compile(library.pipeline(), library.calibration()), goldenRows);
    this.predictor =
        compilation instanceof Compilation.Compiled compiled ? compiled.predictor() : library;
    this.notCompiled = compilation instanceof Compilation.NotCompiled not
        ? Optional.of(not.reason())
        : Optional.empty();
    notCompiled.ifPresent(reason -> LOG.warn("The model is served uncompiled: {}", reason));
    this.warnings = TableCheck.of(table);
    this.dataFingerprint = table.fingerprint();
    this.trainingRows = table.size();
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
    return library.schema();
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
   * Returns the model with its transforms as it will be served, so that what is evaluated is what
   * is served, bit for bit: the compiled model, or the library's own where that has no compiled
   * form or another answer.
   *
   * @return a predictor that is safe for use by several threads
   */
  public Predictor predictor() {
    return predictor;
  }

  /** Returns the library's own model, as it was fitted. */
  PipelinePredictor library() {
    return library;
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
   * Returns what to record with a version of this model, so that it can be trained again.
   *
   * @return {@link #DATA_FINGERPRINT}, {@code data.rows} and {@code seed} as text
   */
  public Map<String, String> lineage() {
    return Map.of(
        DATA_FINGERPRINT,
        dataFingerprint,
        "data.rows",
        Integer.toString(trainingRows),
        "seed",
        Long.toString(recipe.seed()));
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
   * Returns what to store with a version of this model: the compiled model that is served
   * ({@code model.flat}), the library's own model with its transforms ({@code model.tribuo}), the
   * recipe ({@code recipe.json}) and the golden rows. Without a compiled form the library's own
   * model is served; why is logged, and told by {@code not-compiled.txt}.
   *
   * @return the files
   */
  public List<ModelFile> files() {
    List<ModelFile> files = new ArrayList<>();
    if (predictor instanceof CompiledPredictor compiled) {
      files.add(FlatFormat.write(compiled));
    }
    files.add(new ModelFile(MODEL_FILE, library.format(), Envelope.write(library)));
    files.add(new ModelFile(RECIPE_FILE, "json", recipe.toJson().getBytes(UTF_8)));
    files.add(goldenRows.toFile());
    notCompiled.ifPresent(
        reason -> files.add(new ModelFile(FlatFormat.REASON_FILE, "text", reason.getBytes(UTF_8))));
    return List.copyOf(files);
  }

  /** A compiled model that answers the golden rows in another way is as good as none. */
  private static Compilation checked(Compilation compilation, GoldenRows goldenRows) {
    if (compilation instanceof Compilation.Compiled compiled) {
      CompiledPredictor predictor = compiled.predictor();
      Optional<String> difference = goldenRows.firstDifference(predictor, predictor.tolerance());
      if (difference.isPresent()) {
        return new Compilation.NotCompiled(difference.get());
      }
    }
    return compilation;
  }
}
