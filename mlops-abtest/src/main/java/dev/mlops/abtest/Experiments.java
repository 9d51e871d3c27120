package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.json.ExperimentJson;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The experiments of a service, checked against one another: keys are unique, slices of one layer
 * do not overlap, and a layer has one holdout. Immutable.
 */
public final class Experiments {
  private final Map<String, Experiment> byKey = new LinkedHashMap<>();

  private Experiments(Collection<Experiment> experiments) {
    for (Experiment one : experiments) {
      for (Experiment other : byKey.values()) {
        check(one, other);
      }
      byKey.put(one.key(), one);
    }
  }

  /**
   * Checks experiments against one another.
   *
   * @param experiments any number
   * @return the set
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if two have one key, overlap in a
   *     layer, or disagree about a layer's holdout
   */
  public static Experiments of(Collection<Experiment> experiments) {
    return new Experiments(experiments);
  }

  /**
   * Reads the JSON format of {@code experiments-v1.schema.json}.
   *
   * @param json one object
   * @return the set
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if an experiment breaks a rule
   * @throws dev.mlops.abtest.error.AbTestException.Corrupt if it is not that format
   */
  public static Experiments fromJson(String json) {
    return new Experiments(ExperimentJson.read(json));
  }

  /**
   * Writes the JSON format of {@code experiments-v1.schema.json}.
   *
   * @return one object
   */
  public String toJson() {
    return ExperimentJson.write(all());
  }

  /**
   * All experiments.
   *
   * @return in the order given
   */
  public List<Experiment> all() {
    return List.copyOf(byKey.values());
  }

  /**
   * One experiment.
   *
   * @param key its key
   * @return the experiment
   * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if there is none
   */
  public Experiment get(String key) {
    Experiment experiment = byKey.get(key);
    if (experiment == null) {
      throw Checks.invalid("there is no experiment '" + key + "'; there are " + byKey.keySet());
    }
    return experiment;
  }

  private static void check(Experiment one, Experiment other) {
    if (one.key().equals(other.key())) {
      throw Checks.invalid("experiment '" + one.key() + "' is there twice");
    }
    if (one.slice().isEmpty() || other.slice().isEmpty()) {
      return;
    }
    Experiment.Slice a = one.slice().get();
    Experiment.Slice b = other.slice().get();
    if (!a.layer().name().equals(b.layer().name())) {
      return;
    }
    if (a.layer().holdout() != b.layer().holdout()) {
      throw Checks.invalid("layer '%s' has holdout %s in '%s' and %s in '%s'"
          .formatted(
              a.layer().name(), b.layer().holdout(), other.key(), a.layer().holdout(), one.key()));
    }
    if (a.overlaps(b)) {
      throw Checks.invalid("layer '%s': '%s' has slots %d to %d, '%s' has %d to %d"
          .formatted(a.layer().name(), other.key(), b.from(), b.to(), one.key(), a.from(), a.to()));
    }
  }
}
