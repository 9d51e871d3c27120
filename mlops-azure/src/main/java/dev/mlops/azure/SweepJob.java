package dev.mlops.azure;

import static java.util.Objects.requireNonNull;

import dev.mlops.azure.internal.JobJson;
import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search for hyperparameters: the same command with many settings, the best by one metric. <code>
 * ${{search_space.x}}</code> in the command stands for the chosen value. Immutable.
 */
public final class SweepJob implements AzureMlJob {
  private final Map<String, Object> properties;

  private SweepJob(Builder builder) {
    if (builder.searchSpace.isEmpty()) {
      throw new InvalidInputException("a sweep needs at least one hyperparameter");
    }
    if (builder.sampling == Sampling.BAYESIAN && builder.earlyTermination != null) {
      throw new InvalidInputException(
          "Bayesian sampling takes no early termination, got " + builder.earlyTermination);
    }
    if (builder.sampling == Sampling.GRID) {
      builder.searchSpace.forEach((name, expression) -> {
        if (expression instanceof List<?> parts
            && !parts.isEmpty()
            && !parts.get(0).equals("choice")) {
          throw new InvalidInputException(
              "grid sampling takes choices only, got '" + name + "' = " + expression);
        }
      });
    }
    if (builder.maxConcurrentTrials > builder.maxTotalTrials) {
      throw new InvalidInputException("maxConcurrentTrials must be <= maxTotalTrials ("
          + builder.maxTotalTrials + "), got " + builder.maxConcurrentTrials);
    }
    Map<String, Object> all = new LinkedHashMap<>(builder.trial.properties());
    builder.trial.trial().keySet().forEach(all::remove);
    all.remove("limits");
    all.put("jobType", "Sweep");
    all.put("samplingAlgorithm", Map.of("samplingAlgorithmType", builder.sampling.wireName));
    all.put("objective", Map.of("primaryMetric", builder.metric, "goal", builder.goal.wireName));
    all.put("searchSpace", builder.searchSpace);
    Map<String, Object> limits = new LinkedHashMap<>();
    limits.put("jobLimitsType", "Sweep");
    limits.put("maxTotalTrials", builder.maxTotalTrials);
    limits.put("maxConcurrentTrials", builder.maxConcurrentTrials);
    if (builder.trialTimeout != null) {
      limits.put("trialTimeout", builder.trialTimeout.toString());
    }
    if (builder.timeout != null) {
      limits.put("timeout", builder.timeout.toString());
    }
    all.put("limits", limits);
    if (builder.earlyTermination != null) {
      all.put("earlyTermination", JobJson.earlyTermination(builder.earlyTermination));
    }
    all.put("trial", builder.trial.trial());
    this.properties = JobJson.frozen(all);
  }

  /**
   * Starts to describe a sweep.
   *
   * @param trial the command of one trial; its experiment, tags, inputs and outputs become the
   *     sweep's
   * @param metric the metric the command reports
   * @param goal whether more is better
   * @return a builder
   */
  public static Builder builder(CommandJob trial, String metric, Goal goal) {
    return new Builder(trial, metric, goal);
  }

  @Override
  public String toJson() {
    return JobJson.body(properties);
  }

  @Override
  public String toString() {
    return "SweepJob[objective=" + properties.get("objective") + "]";
  }

  /** Whether more is better. */
  public enum Goal {
    /** Less is better. */
    MINIMIZE("Minimize"),
    /** More is better. */
    MAXIMIZE("Maximize");

    private final String wireName;

    Goal(String wireName) {
      this.wireName = wireName;
    }
  }

  /** How the next settings are chosen. */
  public enum Sampling {
    /** Independently at random. */
    RANDOM("Random"),
    /** Every combination; choices only. */
    GRID("Grid"),
    /** From a model of what was seen. */
    BAYESIAN("Bayesian");

    private final String wireName;

    Sampling(String wireName) {
      this.wireName = wireName;
    }
  }

  /** Describes a sweep. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<String, Object> searchSpace = new LinkedHashMap<>();
    private final CommandJob trial;
    private final String metric;
    private final Goal goal;
    private Sampling sampling = Sampling.RANDOM;
    private @Nullable EarlyTermination earlyTermination;
    private @Nullable Duration trialTimeout;
    private @Nullable Duration timeout;
    private int maxTotalTrials = 20;
    private int maxConcurrentTrials = 4;

    private Builder(CommandJob trial, String metric, Goal goal) {
      this.trial = requireNonNull(trial, "trial");
      this.metric = JobJson.notBlank("metric", metric);
      this.goal = requireNonNull(goal, "goal");
    }

    /**
     * Sets how settings are chosen; at random by default.
     *
     * @param value the method
     * @return this
     */
    public Builder sampling(Sampling value) {
      sampling = requireNonNull(value, "sampling");
      return this;
    }

    /**
     * Adds a choice among values.
     *
     * @param name the hyperparameter
     * @param values strings, numbers or booleans
     * @return this
     */
    public Builder choice(String name, List<?> values) {
      if (values.isEmpty()) {
        throw new InvalidInputException("hyperparameter '" + name + "' needs at least one value");
      }
      return space(name, List.of("choice", List.of(List.copyOf(values))));
    }

    /**
     * Adds a number from a range, uniformly.
     *
     * @param name the hyperparameter
     * @param low the least value
     * @param high the greatest value
     * @return this
     */
    public Builder uniform(String name, double low, double high) {
      return range(name, "uniform", low, high);
    }

    /**
     * Adds a number whose logarithm is uniform.
     *
     * @param name the hyperparameter
     * @param lowExponent the natural logarithm of the least value
     * @param highExponent the natural logarithm of the greatest value
     * @return this
     */
    public Builder logUniform(String name, double lowExponent, double highExponent) {
      return range(name, "loguniform", lowExponent, highExponent);
    }

    /**
     * Adds a whole number from 0 up to a bound.
     *
     * @param name the hyperparameter
     * @param upper the bound, not reached
     * @return this
     */
    public Builder randomInt(String name, int upper) {
      if (upper < 1) {
        throw new InvalidInputException("the bound of '" + name + "' must be >= 1, got " + upper);
      }
      return space(name, List.of("randint", List.of(upper)));
    }

    /**
     * Adds a hyperparameter in the service's own notation.
     *
     * @param name the hyperparameter
     * @param expression such as {@code ["qnormal", [mu, sigma, q]]}
     * @return this
     */
    public Builder space(String name, Object expression) {
      searchSpace.put(JobJson.notBlank("hyperparameter", name), requireNonNull(expression, name));
      return this;
    }

    /**
     * Sets the number of trials.
     *
     * @param total at most in all
     * @param concurrent at most at a time
     * @return this
     */
    public Builder trials(int total, int concurrent) {
      if (total < 1 || concurrent < 1) {
        throw new InvalidInputException("trials must be >= 1, got " + total + " and " + concurrent);
      }
      maxTotalTrials = total;
      maxConcurrentTrials = concurrent;
      return this;
    }

    /**
     * Sets how long one trial may run.
     *
     * @param value above zero
     * @return this
     */
    public Builder trialTimeout(Duration value) {
      trialTimeout = aboveZero("trialTimeout", value);
      return this;
    }

    /**
     * Sets how long the whole sweep may run.
     *
     * @param value above zero
     * @return this
     */
    public Builder timeout(Duration value) {
      timeout = aboveZero("timeout", value);
      return this;
    }

    /**
     * Sets when bad trials are stopped; never by default.
     *
     * @param value the rule
     * @return this
     */
    public Builder earlyTermination(EarlyTermination value) {
      earlyTermination = requireNonNull(value, "earlyTermination");
      return this;
    }

    /**
     * Finishes the description.
     *
     * @return the job
     * @throws InvalidInputException if no hyperparameter was named or the parts do not fit
     */
    public SweepJob build() {
      return new SweepJob(this);
    }

    private static Duration aboveZero(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new InvalidInputException(name + " must be above zero, got " + value);
      }
      return value;
    }

    private Builder range(String name, String kind, double low, double high) {
      if (!(low <= high)) {
        throw new InvalidInputException(
            "the range of '" + name + "' must have low <= high, got " + low + " and " + high);
      }
      return space(name, List.of(kind, List.of(low, high)));
    }
  }
}
