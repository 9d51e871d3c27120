package dev.mlops.batch.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.data.internal.CsvRowReader;
import dev.mlops.data.internal.CsvSource;
import dev.mlops.error.InvalidInputException;
import java.util.List;

/** Scores the records of a chunk into the bytes to write. Safe for use by several threads. */
final class ChunkScorer {
  private final BatchSettings settings;
  private final CsvSource source;
  private final CsvRowReader reader;
  private final Schema schema;
  private final boolean[] numeric;
  private final int[] kept;

  ChunkScorer(BatchSettings settings, CsvSource source) {
    this.settings = settings;
    this.source = source;
    this.schema = settings.predictor().schema();
    this.reader = new CsvRowReader(settings.format(), source, schema);
    this.kept = settings.kept().stream().mapToInt(source::require).toArray();
    this.numeric = new boolean[schema.width()];
    for (int j = 0; j < numeric.length; j++) {
      numeric[j] = schema.features().get(j) instanceof Feature.Numeric;
    }
  }

  /** The lines of a chunk, scored and rejected. */
  @SuppressWarnings("ArrayRecordComponent") // handed on once
  record Scored(int rows, int rejected, byte[] output, byte[] rejects) {}

  byte[] outputHeader() {
    var line = new StringBuilder("line");
    settings.kept().forEach(name -> field(line, name));
    if (schema.target() instanceof Target.Classes classes) {
      classes.classes().forEach(name -> field(line, "score_" + name));
    }
    field(line, "prediction");
    return line.append('\n').toString().getBytes(UTF_8);
  }

  static byte[] rejectHeader() {
    return "line,column,reason\n".getBytes(UTF_8);
  }

  Scored score(List<CsvSource.Row> rows) {
    var output = new StringBuilder();
    var rejects = new StringBuilder();
    int rejected = 0;
    double[] values = new double[schema.width()];
    double[] scores = new double[schema.outputs()];
    for (CsvSource.Row row : rows) {
      if (row.width() != source.header().size()) {
        reject(
            rejects,
            row,
            "",
            "expected %d values as in the header, got %d"
                .formatted(source.header().size(), row.width()));
        rejected++;
      } else if (!read(row, values, rejects) || !predict(row, values, scores, rejects)) {
        rejected++;
      } else {
        write(output, row, scores);
      }
    }
    return new Scored(
        rows.size(),
        rejected,
        output.toString().getBytes(UTF_8),
        rejects.toString().getBytes(UTF_8));
  }

  private boolean read(CsvSource.Row row, double[] values, StringBuilder rejects) {
    for (int j = 0; j < values.length; j++) {
      values[j] = reader.valueOrNaN(row, j, numeric[j]);
      if (Double.isNaN(values[j]) && numeric[j] && !reader.isMissing(row, j)) {
        String text = reader.text(row, j);
        reject(
            rejects,
            row,
            schema.features().get(j).name(),
            "expected a number, got '"
                + (text.length() <= 60 ? text : text.substring(0, 60) + "...")
                + "'");
        return false;
      }
    }
    return true;
  }

  private boolean predict(
      CsvSource.Row row, double[] values, double[] scores, StringBuilder rejects) {
    try {
      settings.predictor().predict(values, scores);
      return true;
    } catch (InvalidInputException e) {
      String column = "";
      for (int j = values.length - 1; j >= 0; j--) {
        column = Double.isNaN(values[j]) ? schema.features().get(j).name() : column;
      }
      reject(rejects, row, column, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static void reject(
      StringBuilder rejects, CsvSource.Row row, String column, String reason) {
    rejects.append(row.line());
    field(rejects, column);
    field(rejects, reason);
    rejects.append('\n');
  }

  private void write(StringBuilder output, CsvSource.Row row, double[] scores) {
    output.append(row.line());
    for (int column : kept) {
      field(output, row.fields().getField(column));
    }
    if (schema.target() instanceof Target.Classes classes) {
      int best = 0;
      for (int c = 0; c < scores.length; c++) {
        output.append(',').append(scores[c]);
        best = scores[c] > scores[best] ? c : best;
      }
      field(output, classes.classes().get(best));
    } else {
      output.append(',').append(scores[0]);
    }
    output.append('\n');
  }

  private static void field(StringBuilder line, String text) {
    line.append(',');
    boolean quote = false;
    for (int i = 0; i < text.length() && !quote; i++) {
      char c = text.charAt(i);
      quote = c == ',' || c == '"' || c == '\n' || c == '\r';
    }
    line.append(quote ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }
}
