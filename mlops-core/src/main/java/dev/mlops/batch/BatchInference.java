package dev.mlops.batch;

import static java.util.Objects.requireNonNull;

import dev.mlops.batch.internal.BatchRun;
import dev.mlops.batch.internal.BatchSettings;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.Predictor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Scores a CSV file of any size in bounded memory: rows are read once, scored in chunks on several
 * threads and written in their order. A row that cannot be scored goes to a reject file with its
 * line, the column and the reason, and nothing else does.
 *
 * <p>A broken record does not end the run either: with more or fewer values than the header, with
 * bytes that are not UTF-8, with text behind a closing quote, or with a quote that is not closed
 * within 1 MiB. Of the last two nobody can say where they end, so the line on which they start is
 * rejected and the line after it is read as a new record. Empty lines are no rows.
 *
 * <p>The output appears under its name only when it is complete. A batch that was interrupted, even
 * killed, goes on where its last checkpoint was when it is started again with the same files, and
 * its output is byte for byte that of a run without interruption. Memory grows with {@code threads
 * x chunkRows} rows, not with the file. Immutable, so safe for use by several threads, on different
 * files.
 */
public final class BatchInference {
  private final BatchSettings settings;

  private BatchInference(BatchSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts with the default options.
   *
   * @param predictor the model
   * @return a new builder
   */
  public static Builder builder(Predictor predictor) {
    return new Builder(requireNonNull(predictor, "predictor"));
  }

  /**
   * Scores a file.
   *
   * @param input a CSV file with a header that names every feature of the model; other columns are
   *     ignored
   * @param output receives {@code line}, the kept columns, one column per score and the prediction
   * @param rejects receives {@code line,column,reason}, a header alone if every row was scored
   * @return what was done
   * @throws dev.mlops.error.NotFoundException if there is no such input
   * @throws InvalidInputException if the input lacks a feature or its header is broken
   * @throws dev.mlops.error.UnavailableException if a file cannot be read or written
   */
  public BatchResult run(Path input, Path output, Path rejects) {
    return new BatchRun(settings, input, output, rejects).run();
  }

  /** Options. Not safe for use by several threads. */
  public static final class Builder {
    private final Predictor predictor;
    private char delimiter = ',';
    private Set<String> missing = Set.of("", "NA", "NaN", "null", "?");
    private List<String> kept = List.of();
    private int threads = 1;
    private int chunkRows = 1000;
    private BatchListener listener = BatchListener.SILENT;

    private Builder(Predictor predictor) {
      this.predictor = predictor;
    }

    /**
     * Sets what separates values in the input; the output is always separated by commas.
     *
     * @param delimiter an ASCII character, a comma unless set
     * @return this builder
     * @throws InvalidInputException if it is a quote, a line end or no ASCII character
     */
    public Builder delimiter(char delimiter) {
      if (delimiter == '"' || delimiter == '\n' || delimiter == '\r' || delimiter > 0x7f) {
        throw new InvalidInputException(
            "the delimiter must be an ASCII character and neither a quote nor a line end, got"
                + " character "
                + (int) delimiter);
      }
      this.delimiter = delimiter;
      return this;
    }

    /**
     * Sets the texts that stand for a missing value.
     *
     * @param tokens the texts
     * @return this builder
     */
    public Builder missing(String... tokens) {
      missing = Set.copyOf(Arrays.asList(tokens));
      return this;
    }

    /**
     * Copies columns of the input to the output.
     *
     * @param columns such as the row's id
     * @return this builder
     */
    public Builder keep(String... columns) {
      kept = List.copyOf(new LinkedHashSet<>(Arrays.asList(columns)));
      return this;
    }

    /**
     * Sets how many threads score.
     *
     * @param threads at least 1; 1 unless set
     * @return this builder
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new InvalidInputException("threads must be >= 1, got " + threads);
      }
      this.threads = threads;
      return this;
    }

    /**
     * Sets how many rows are scored at a time.
     *
     * @param chunkRows at least 1; 1000 unless set
     * @return this builder
     */
    public Builder chunkRows(int chunkRows) {
      if (chunkRows < 1) {
        throw new InvalidInputException("chunkRows must be >= 1, got " + chunkRows);
      }
      this.chunkRows = chunkRows;
      return this;
    }

    /**
     * Sets who hears of progress.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(BatchListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Finishes the options.
     *
     * @return a batch
     */
    public BatchInference build() {
      return new BatchInference(
          new BatchSettings(predictor, delimiter, missing, kept, threads, chunkRows, listener));
    }
  }
}
