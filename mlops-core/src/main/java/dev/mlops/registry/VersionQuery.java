package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Which versions to find. All conditions must hold. Immutable. */
public final class VersionQuery {
  private static final VersionQuery ALL = new VersionQuery(name -> true, (state, v) -> true);

  private final Predicate<String> model;
  private final BiPredicate<ModelSnapshot, ModelVersion> condition;

  private VersionQuery(
      Predicate<String> model, BiPredicate<ModelSnapshot, ModelVersion> condition) {
    this.model = model;
    this.condition = condition;
  }

  /**
   * Finds every version, archived ones too.
   *
   * @return the query
   */
  public static VersionQuery all() {
    return ALL;
  }

  /**
   * Asks for one model.
   *
   * @param name the model's name
   * @return the narrower query
   */
  public VersionQuery model(String name) {
    return new VersionQuery(model.and(requireNonNull(name, "name")::equals), condition);
  }

  /**
   * Asks for models whose name contains a text.
   *
   * @param text part of the name
   * @return the narrower query
   */
  public VersionQuery modelContains(String text) {
    return new VersionQuery(model.and(name -> name.contains(text)), condition);
  }

  /**
   * Asks for versions that an alias points at.
   *
   * @param alias the alias
   * @return the narrower query
   */
  public VersionQuery alias(String alias) {
    return and((state, version) -> state.aliases().getOrDefault(alias, 0) == version.number());
  }

  /**
   * Asks for a tag.
   *
   * @param key the tag's name
   * @param value its value
   * @return the narrower query
   */
  public VersionQuery tag(String key, String value) {
    return where(version -> value.equals(version.tags().get(key)));
  }

  /**
   * Asks for a metric of at least some value; NaN and a missing metric are not.
   *
   * @param metric the metric's name
   * @param minimum the smallest accepted value
   * @return the narrower query
   */
  public VersionQuery metricAtLeast(String metric, double minimum) {
    return where(version -> version.metrics().getOrDefault(metric, Double.NaN) >= minimum);
  }

  /**
   * Asks for a metric of at most some value; NaN and a missing metric are not.
   *
   * @param metric the metric's name
   * @param maximum the largest accepted value
   * @return the narrower query
   */
  public VersionQuery metricAtMost(String metric, double maximum) {
    return where(version -> version.metrics().getOrDefault(metric, Double.NaN) <= maximum);
  }

  /**
   * Asks for versions that are archived, or that are not.
   *
   * @param archived which of them
   * @return the narrower query
   */
  public VersionQuery archived(boolean archived) {
    return where(version -> version.archived() == archived);
  }

  /**
   * Asks for any other condition.
   *
   * @param other the condition
   * @return the narrower query
   */
  public VersionQuery where(Predicate<ModelVersion> other) {
    requireNonNull(other, "other");
    return and((state, version) -> other.test(version));
  }

  private VersionQuery and(BiPredicate<ModelSnapshot, ModelVersion> other) {
    return new VersionQuery(model, condition.and(other));
  }

  /**
   * Tells whether versions of a model can match at all.
   *
   * @param name the model's name
   * @return false if none can
   */
  public boolean matchesModel(String name) {
    return model.test(name);
  }

  /**
   * Tells whether a version matches.
   *
   * @param state the state of its model
   * @param version the version
   * @return true if every condition holds
   */
  public boolean matches(ModelSnapshot state, ModelVersion version) {
    return model.test(version.model()) && condition.test(state, version);
  }
}
