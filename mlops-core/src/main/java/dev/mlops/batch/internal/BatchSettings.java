package dev.mlops.batch.internal;

import dev.mlops.batch.BatchListener;
import dev.mlops.data.internal.CsvFormat;
import dev.mlops.data.internal.Fingerprint;
import dev.mlops.model.Predictor;
import java.util.List;
import java.util.Set;

/** The options of a batch. */
public record BatchSettings(
    Predictor predictor,
    char delimiter,
    Set<String> missing,
    List<String> kept,
    int threads,
    int chunkRows,
    BatchListener listener) {

  CsvFormat format() {
    return new CsvFormat(
        delimiter, missing, Set.of(), Set.of(), Set.of(), Set.of(), false, "", Integer.MAX_VALUE);
  }

  /** Identifies everything that the output depends on beside the input. */
  String fingerprint() {
    return Fingerprint.of(predictor.schema())
        + "/"
        + predictor.describe()
        + "/"
        + (int) delimiter
        + "/"
        + missing.stream().sorted().toList()
        + "/"
        + kept;
  }
}
