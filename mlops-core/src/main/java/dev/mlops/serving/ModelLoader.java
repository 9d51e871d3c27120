package dev.mlops.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Schema;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a version into memory: read, parse, compare with the golden rows, warm up. Nothing leaves
 * here that has answered its golden rows wrongly; a version without any is said to be unchecked.
 * Immutable.
 */
final class ModelLoader {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  /** Formats from the fastest to the most general; others come last, in order of file name. */
  private static final List<String> PREFERENCE = List.of("flat", "xgboost", "onnx", "tribuo");

  /** Room for what another processor's exp and tanh do to the compiled form. */
  private static final double OTHER_PROCESSOR = 1e-9;

  private static final double OTHER_LIBRARY = 1e-6;

  private final ModelSource source;
  private final ModelFormats formats;
  private final OptionalDouble tolerance;
  private final int warmUp;
  private final Clock clock;

  ModelLoader(
      ModelSource source, ModelFormats formats, OptionalDouble tolerance, int warmUp, Clock clock) {
    this.source = source;
    this.formats = formats;
    this.tolerance = tolerance;
    this.warmUp = warmUp;
    this.clock = clock;
  }

  LoadedModel load(ModelSource.Version version) {
    Optional<GoldenRows> golden = version.formats().containsKey(GoldenRows.FILE_NAME)
        ? Optional.of(GoldenRows.parse(source.read(version, GoldenRows.FILE_NAME)))
        : Optional.empty();
    Optional<String> notCompiled = version.formats().containsKey(FlatFormat.REASON_FILE)
        ? Optional.of(
            SafeText.of(new String(source.read(version, FlatFormat.REASON_FILE), UTF_8), 500))
        : Optional.empty();
    List<String> reasons = new ArrayList<>();
    for (Map.Entry<String, String> file : candidates(version)) {
      Optional<Predictor> predictor = open(version, file, golden, reasons);
      if (predictor.isPresent()) {
        return served(version, predictor.get(), golden.isPresent(), notCompiled, reasons);
      }
    }
    if (reasons.isEmpty()) {
      throw new NotFoundException(name(version) + " has no file in a format that is installed; "
          + "files are " + version.formats() + ", formats are " + formats);
    }
    throw new CorruptException(name(version) + " does not say what it said when it was registered: "
        + String.join("; ", reasons));
  }

  private List<Map.Entry<String, String>> candidates(ModelSource.Version version) {
    return version.formats().entrySet().stream()
        .filter(file -> formats.find(file.getValue()).isPresent())
        .sorted(java.util.Comparator.comparingInt(file -> {
          int rank = PREFERENCE.indexOf(file.getValue());
          return rank < 0 ? PREFERENCE.size() : rank;
        }))
        .toList();
  }

  /** Empty if the file cannot serve but another one might. */
  private Optional<Predictor> open(
      ModelSource.Version version,
      Map.Entry<String, String> file,
      Optional<GoldenRows> golden,
      List<String> reasons) {
    ModelFormat format = formats.get(file.getValue());
    Predictor predictor;
    try {
      predictor = format.read(source.read(version, file.getKey()), version.schema());
    } catch (InvalidInputException e) {
      reasons.add(file.getKey() + " is not supported: " + e.getMessage());
      return Optional.empty();
    }
    try {
      checkShape(version, predictor);
      double allowed = tolerance.orElseGet(() -> tolerance(format, predictor));
      Optional<String> difference = golden.flatMap(g -> g.firstDifference(predictor, allowed));
      if (difference.isPresent()) {
        reasons.add(file.getKey() + ": " + difference.get());
        predictor.close();
        return Optional.empty();
      }
      golden.ifPresent(g -> warmUp(predictor, g));
      return Optional.of(predictor);
    } catch (RuntimeException | Error e) {
      predictor.close();
      throw e;
    }
  }

  /** The compiled form is as near as its kernel promises; what others read has float scores. */
  private static double tolerance(ModelFormat format, Predictor predictor) {
    return format instanceof FlatFormat && predictor instanceof CompiledPredictor compiled
        ? compiled.tolerance() + OTHER_PROCESSOR
        : OTHER_LIBRARY;
  }

  private static void checkShape(ModelSource.Version version, Predictor predictor) {
    Schema schema = predictor.schema();
    if (schema.width() != version.schema().width()
        || schema.outputs() != version.schema().outputs()) {
      throw new CorruptException(name(version) + " reads " + schema.width() + " features and gives "
          + schema.outputs() + " scores, its record says " + version.schema().width() + " and "
          + version.schema().outputs());
    }
  }

  private void warmUp(Predictor predictor, GoldenRows golden) {
    double[][] rows = golden.rows();
    double[] scores = new double[predictor.schema().outputs()];
    for (int i = 0; i < warmUp; i++) {
      predictor.predict(rows[i % rows.length], scores);
    }
  }

  private LoadedModel served(
      ModelSource.Version version,
      Predictor predictor,
      boolean checked,
      Optional<String> notCompiled,
      List<String> reasons) {
    String description = predictor.describe();
    if (!reasons.isEmpty()) {
      description += " (" + String.join("; ", reasons) + ")";
      LOG.warn("{} serves as {}", name(version), description);
    }
    if (notCompiled.isPresent()) {
      description += " (not compiled: " + notCompiled.get() + ")";
    }
    if (!checked) {
      description += " (not checked: the version has no golden rows)";
      LOG.warn("{} has no golden rows: nothing says whether it answers correctly", name(version));
    }
    var served = new ServedModel(version.model(), version.number(), version.schema());
    return new LoadedModel(served, predictor, clock.instant(), description);
  }

  private static String name(ModelSource.Version version) {
    return version.model() + ":" + version.number();
  }
}
