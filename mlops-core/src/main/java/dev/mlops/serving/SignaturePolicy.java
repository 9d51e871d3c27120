package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a served model does with rows that differ from its signature. Immutable.
 *
 * <p>{@link #strict()} refuses every difference and is the default of {@link LiveModel}. A model
 * whose recipe imputes missing values wants {@code missing(IGNORE)}: NaN then reaches the model's
 * own imputation.
 */
public final class SignaturePolicy {

  /**
   * The values a numeric feature may have.
   *
   * @param least the least allowed value
   * @param most the greatest allowed value
   */
  public record Range(double least, double most) {
    /** Creates a range. */
    public Range {
      if (!(least <= most)) {
        throw new InvalidInputException("a range must run upwards, got " + least + " to " + most);
      }
    }
  }

  private final Map<SignatureProblem, SignatureAction> actions;
  private final Map<String, Range> ranges;
  private final Map<String, Double> defaults;

  private SignaturePolicy(Builder builder) {
    this.actions = Collections.unmodifiableMap(new EnumMap<>(builder.actions));
    this.ranges = Collections.unmodifiableMap(new LinkedHashMap<>(builder.ranges));
    this.defaults = Collections.unmodifiableMap(new LinkedHashMap<>(builder.defaults));
  }

  /**
   * Returns the policy that refuses every difference.
   *
   * @return the policy
   */
  public static SignaturePolicy strict() {
    return builder().build();
  }

  /**
   * Returns the policy that lets everything through to the model and counts it.
   *
   * @return the policy; a value of a wrong type becomes a missing one
   */
  public static SignaturePolicy lenient() {
    Builder builder = builder();
    for (SignatureProblem problem : SignatureProblem.values()) {
      builder.on(problem, SignatureAction.IGNORE);
    }
    return builder.build();
  }

  /**
   * Starts from {@link #strict()}.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns what is done about a problem.
   *
   * @param problem the problem
   * @return the action
   */
  public SignatureAction action(SignatureProblem problem) {
    return requireNonNull(actions.get(requireNonNull(problem, "problem")));
  }

  /**
   * Returns the declared ranges.
   *
   * @return ranges by feature
   */
  public Map<String, Range> ranges() {
    return ranges;
  }

  /**
   * Returns the declared defaults.
   *
   * @return defaults by feature, for {@link SignatureAction#IMPUTE}
   */
  public Map<String, Double> defaults() {
    return defaults;
  }

  /** Collects a policy. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<SignatureProblem, SignatureAction> actions =
        new EnumMap<>(SignatureProblem.class);
    private final Map<String, Range> ranges = new LinkedHashMap<>();
    private final Map<String, Double> defaults = new LinkedHashMap<>();

    private Builder() {
      for (SignatureProblem problem : SignatureProblem.values()) {
        actions.put(problem, SignatureAction.REJECT);
      }
    }

    /**
     * Sets what is done about a problem.
     *
     * @param problem the problem
     * @param action the action; for extra values {@code IMPUTE} means the same as {@code IGNORE}
     * @return this
     */
    public Builder on(SignatureProblem problem, SignatureAction action) {
      actions.put(requireNonNull(problem, "problem"), requireNonNull(action, "action"));
      return this;
    }

    /**
     * Declares the values a numeric feature may have.
     *
     * @param feature the feature's name
     * @param least the least allowed value
     * @param most the greatest allowed value
     * @return this
     */
    public Builder range(String feature, double least, double most) {
      ranges.put(requireNonNull(feature, "feature"), new Range(least, most));
      return this;
    }

    /**
     * Declares what {@link SignatureAction#IMPUTE} puts in place of a value.
     *
     * @param feature the feature's name
     * @param value the value as it stands in a row: a finite number within the feature's range, or
     *     the index of a category; checked when a model is opened with the policy
     * @return this
     */
    public Builder impute(String feature, double value) {
      defaults.put(requireNonNull(feature, "feature"), value);
      return this;
    }

    /**
     * Builds the policy.
     *
     * @return the policy
     */
    public SignaturePolicy build() {
      return new SignaturePolicy(this);
    }
  }
}
