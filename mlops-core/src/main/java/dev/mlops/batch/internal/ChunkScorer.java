package dev.mlops.batch.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.data.internal.CsvFields;
import dev.mlops.data.internal.CsvHeader;
import dev.mlops.data.internal.CsvRow;
import dev.mlops.data.internal.CsvRowReader;
import dev.mlops.data.internal.CsvScanner;
import dev.mlops.error.InvalidInputException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Optional;

/** Scores the records of a chunk into the bytes to write. Safe for use by several threads. */
final class ChunkScorer {
  private final BatchSettings settings;
  private final CsvHeader header;
  private final CsvRowReader reader;
  private final Schema schema;
  private final boolean[] numeric;
  private final int[] kept;

  ChunkScorer(BatchSettings settings, CsvHeader header) {
    this.settings = settings;
    this.header = header;
    this.schema = settings.predictor().schema();
    this.reader = new CsvRowReader(settings.format(), header, schema);
    this.kept = settings.kept().stream().mapToInt(header::require).toArray();
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

  Scored score(List<CsvScanner.Raw> records) {
    var output = new StringBuilder();
    var rejects = new StringBuilder();
    int rejected = 0;
    double[] values = new double[schema.width()];
    double[] scores = new double[schema.outputs()];
    for (CsvScanner.Raw raw : records) {
      Optional<CsvRow> row = row(raw, rejects);
      if (row.isPresent()
          && read(row.get(), values, rejects)
          && predict(row.get(), values, scores, rejects)) {
        write(output, row.get(), scores);
      } else {
        rejected++;
      }
    }
    return new Scored(
        records.size(),
        rejected,
        output.toString().getBytes(UTF_8),
        rejects.toString().getBytes(UTF_8));
  }

  /** Takes a record apart; one that is broken is rejected. */
  private Optional<CsvRow> row(CsvScanner.Raw raw, StringBuilder rejects) {
    if (!raw.problem().isEmpty()) {
      reject(rejects, raw.line(), column(raw.column()), raw.problem());
      return Optional.empty();
    }
    try {
      var row = new CsvRow(raw.line(), CsvFields.of(raw.bytes(), settings.delimiter()));
      if (row.width() == header.size()) {
        return Optional.of(row);
      }
      reject(
          rejects,
          raw.line(),
          column(row.width()),
          "expected %d values as in the header, got %d".formatted(header.size(), row.width()));
    } catch (CharacterCodingException e) {
      int wrong = CsvFields.columnOfWrongByte(raw.bytes(), settings.delimiter());
      reject(rejects, raw.line(), column(wrong), CsvFields.NOT_UTF_8);
    }
    return Optional.empty();
  }

  /** The name of a column; of what follows the last one, the last one's. */
  private String column(int position) {
    return header.names().get(Math.min(position, header.size() - 1));
  }

  private boolean read(CsvRow row, double[] values, StringBuilder rejects) {
    for (int j = 0; j < values.length; j++) {
      values[j] = reader.valueOrNaN(row, j, numeric[j]);
      if (Double.isNaN(values[j]) && numeric[j] && !reader.isMissing(row, j)) {
        String text = reader.text(row, j);
        reject(
            rejects,
            row.line(),
            schema.features().get(j).name(),
            "expected a number, got '" + CsvHeader.shortened(text) + "'");
        return false;
      }
    }
    return true;
  }

  private boolean predict(CsvRow row, double[] values, double[] scores, StringBuilder rejects) {
    try {
      settings.predictor().predict(values, scores);
      return true;
    } catch (InvalidInputException e) {
      String column = "";
      for (int j = values.length - 1; j >= 0; j--) {
        column = Double.isNaN(values[j]) ? schema.features().get(j).name() : column;
      }
      reject(rejects, row.line(), column, String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static void reject(StringBuilder rejects, long line, String column, String reason) {
    rejects.append(line);
    field(rejects, column);
    field(rejects, reason);
    rejects.append('\n');
  }

  private void write(StringBuilder output, CsvRow row, double[] scores) {
    output.append(row.line());
    for (int column : kept) {
      field(output, row.fields().get(column));
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
