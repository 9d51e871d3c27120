package dev.mlops.tracking;

import dev.mlops.model.ModelFile;
import java.util.Map;

/**
 * A run that is being recorded. Close it in any case; call {@link #finish()} as the last statement,
 * so that an exception on the way leaves it marked as failed:
 *
 * <pre>{@code
 * try (Run run = experiments.start("fraud", "forest")) {
 *   run.param("trees", 100).metric("roc_auc", 0.93);
 *   run.finish();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads. Entries are kept in memory and written in segments: when
 * there are 4096 or they are 8 MiB, when an entry comes more than five seconds after the last
 * write, on {@link #flush()} and when the run is closed. There is no timer: a run that logs rarely
 * calls {@link #flush()} to be seen. A process that dies loses at most the entries that were not
 * written. Every method that writes throws {@link dev.mlops.error.UnavailableException} if the
 * store fails; what was recorded is kept then and written by the next call that writes, so
 * {@link #close()} can be repeated. After the first {@link #close()} or {@link #fail}, also one
 * that threw, every method that records throws {@link dev.mlops.error.ConflictException}.
 */
public interface Run extends AutoCloseable {
  /**
   * Returns the id, to be kept with a registered version.
   *
   * @return {@code experiment/number}
   */
  String id();

  /**
   * Records a parameter.
   *
   * @param name the parameter's name
   * @param value the value as text, at most 8192 characters
   * @return this run
   * @throws dev.mlops.error.ConflictException if the parameter has another value already
   */
  Run param(String name, Object value);

  /**
   * Records parameters.
   *
   * @param params values by name
   * @return this run
   */
  default Run params(Map<String, ?> params) {
    params.forEach(this::param);
    return this;
  }

  /**
   * Records the final value of a metric, at step 0.
   *
   * @param name the metric's name
   * @param value the value; NaN is recorded as such
   * @return this run
   */
  default Run metric(String name, double value) {
    return metric(name, value, 0);
  }

  /**
   * Records a value of a metric.
   *
   * @param name the metric's name
   * @param value the value; NaN is recorded as such
   * @param step the step, such as an epoch
   * @return this run
   */
  Run metric(String name, double value, long step);

  /**
   * Records final values of metrics.
   *
   * @param metrics values by name
   * @return this run
   */
  default Run metrics(Map<String, Double> metrics) {
    metrics.forEach(this::metric);
    return this;
  }

  /**
   * Sets a tag; the last value counts.
   *
   * @param key the tag's name
   * @param value at most 8192 characters
   * @return this run
   */
  Run tag(String key, String value);

  /**
   * Keeps a file. It is written at once.
   *
   * @param name the file's name; a later file of the same name replaces it in the record
   * @param content the content
   * @return this run
   */
  Run artifact(String name, byte[] content);

  /**
   * Keeps a file. It is written at once.
   *
   * @param file name and content
   * @return this run
   */
  default Run artifact(ModelFile file) {
    return artifact(file.name(), file.content());
  }

  /**
   * Returns what was captured about this process when the run was started.
   *
   * @return values by name, for the lineage of a registered version
   */
  Map<String, String> lineage();

  /**
   * Starts a run within this one. It has an id, parameters and metrics of its own and is closed on
   * its own.
   *
   * @param name what to call it
   * @return the nested run
   */
  Run child(String name);

  /** Writes what is recorded so far. */
  void flush();

  /** Says that the run succeeded; takes effect when it is closed. */
  void finish();

  /**
   * Closes the run as failed.
   *
   * @param cause why; its class and message are kept
   */
  void fail(Throwable cause);

  /** Writes everything and closes the run: finished after {@link #finish()}, else as failed. */
  @Override
  void close();
}
