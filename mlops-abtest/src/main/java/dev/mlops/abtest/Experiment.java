package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.ExperimentRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who takes part in a test and which variants they are spread over. Everything is checked when it
 * is built: an experiment that exists can be run. Immutable.
 *
 * <pre>{@code
 * Experiment experiment =
 *     Experiment.builder("checkout-model")
 *         .control("champion", 50)
 *         .variant("challenger", 50)
 *         .traffic(0.10)
 *         .build();
 * }</pre>
 *
 * <p>A running experiment changes only through {@link #ramp} and {@link #reweigh}, which start a
 * new epoch and keep the earlier epochs' weights, so that the analysis can compare like with like.
 * The salt stays the same across epochs: raising the traffic never moves or ejects a unit.
 */
public final class Experiment {
  private final String key;
  private final List<Variant> variants;
  private final double traffic;
  private final int epoch;
  private final String salt;
  private final Optional<Slice> slice;
  private final Map<String, String> overrides;
  private final boolean stableWeights;
  private final HashScheme hashScheme;
  private final Map<Integer, Map<String, Integer>> weightHistory;

  /**
   * The part of a layer that an experiment owns.
   *
   * @param layer the layer
   * @param from first slot
   * @param to one past the last slot
   */
  public record Slice(Layer layer, int from, int to) {
    /** Checks that the slots are in the layer and outside its holdout. */
    public Slice {
      Objects.requireNonNull(layer, "layer");
      if (from < layer.holdoutSlots() || to > Layer.SLOTS || from >= to) {
        throw Checks.invalid(
            "layer '%s': a slice must lie in slots %d (end of the holdout) to %d, got %d to %d"
                .formatted(layer.name(), layer.holdoutSlots(), Layer.SLOTS, from, to));
      }
    }

    boolean overlaps(Slice other) {
      return layer.name().equals(other.layer.name()) && from < other.to && other.from < to;
    }
  }

  private Experiment(Builder b, List<Variant> variants, String salt) {
    this.key = b.key;
    this.variants = variants;
    this.traffic = b.traffic;
    this.epoch = b.epoch;
    this.salt = salt;
    this.slice = b.slice;
    this.overrides = Map.copyOf(b.overrides);
    this.stableWeights = b.stableWeights;
    this.hashScheme = b.hashScheme;
    TreeMap<Integer, Map<String, Integer>> history = new TreeMap<>(b.history);
    history.put(epoch, weights(variants));
    this.weightHistory = Map.copyOf(history);
  }

  /**
   * Starts an experiment.
   *
   * @param key names the experiment and, unless {@link Builder#salt} is called, salts its hash
   * @return a builder
   */
  public static Builder builder(String key) {
    return new Builder(Checks.name("experiment", key));
  }

  /**
   * The name.
   *
   * @return the key
   */
  public String key() {
    return key;
  }

  /**
   * All variants, the control first.
   *
   * @return at least two
   */
  public List<Variant> variants() {
    return variants;
  }

  /**
   * The variant that the others are compared with.
   *
   * @return the control
   */
  public Variant control() {
    return variants.get(0);
  }

  /**
   * Share of the eligible units that take part.
   *
   * @return from 0 to 1
   */
  public double traffic() {
    return traffic;
  }

  /**
   * Counts the changes of weights or traffic.
   *
   * @return 1 for the first
   */
  public int epoch() {
    return epoch;
  }

  /**
   * What the unit hash is salted with.
   *
   * @return the salt
   */
  public String salt() {
    return salt;
  }

  /**
   * The part of a layer that this experiment owns.
   *
   * @return empty when it is in no layer
   */
  public Optional<Slice> slice() {
    return slice;
  }

  /**
   * Units with a fixed variant.
   *
   * @return unit id to variant key
   */
  public Map<String, String> overrides() {
    return overrides;
  }

  /**
   * Whether variants are chosen by weighted rendezvous instead of cumulative ranges.
   *
   * @return true for rendezvous
   */
  public boolean stableWeights() {
    return stableWeights;
  }

  /**
   * How a unit becomes a variant.
   *
   * @return native unless taken over from another product
   */
  public HashScheme hashScheme() {
    return hashScheme;
  }

  /**
   * The weights of every epoch up to now, for the sample ratio check.
   *
   * @return epoch to (variant to weight)
   */
  public Map<Integer, Map<String, Integer>> weightHistory() {
    return weightHistory;
  }

  /**
   * The next epoch, with another share of the traffic. Units keep their variants; lowering the
   * traffic ejects units.
   *
   * @param newTraffic the new share, from 0 to 1
   * @return the experiment in its next epoch
   */
  public Experiment ramp(double newTraffic) {
    return next().traffic(newTraffic).build();
  }

  /**
   * The next epoch, with other weights. Some units change their variant; how few depends on
   * {@link Builder#stableWeights}.
   *
   * @param weights the new weight of every variant
   * @return the experiment in its next epoch
   */
  public Experiment reweigh(Map<String, Integer> weights) {
    Builder next = next();
    if (!weights.keySet().equals(next.weights.keySet())) {
      throw Checks.invalid("experiment '%s': new weights must name its variants %s, got %s"
          .formatted(key, next.weights.keySet(), weights.keySet()));
    }
    next.weights.replaceAll((variant, old) -> Objects.requireNonNull(weights.get(variant)));
    return next.build();
  }

  private Builder next() {
    Builder next = new Builder(key);
    variants.forEach(v -> next.weights.put(v.key(), v.weight()));
    next.control = control().key();
    next.traffic = traffic;
    next.epoch = epoch + 1;
    next.salt = salt;
    next.slice = slice;
    next.overrides.putAll(overrides);
    next.stableWeights = stableWeights;
    next.hashScheme = hashScheme;
    next.history.putAll(weightHistory);
    return next;
  }

  private static Map<String, Integer> weights(List<Variant> variants) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    variants.forEach(v -> weights.put(v.key(), v.weight()));
    return java.util.Collections.unmodifiableMap(weights);
  }

  @Override
  public String toString() {
    return key + "#" + epoch + variants + " traffic " + traffic;
  }

  /** Collects and checks the parts of an experiment. Not safe for use by several threads. */
  public static final class Builder {
    private final String key;
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    private String control = "";
    private double traffic = 1;
    private int epoch = 1;
    private String salt = "";
    private Optional<Slice> slice = Optional.empty();
    private final Map<String, String> overrides = new LinkedHashMap<>();
    private boolean stableWeights;
    private HashScheme hashScheme = HashScheme.NATIVE;
    private final Map<Integer, Map<String, Integer>> history = new TreeMap<>();

    private Builder(String key) {
      this.key = key;
    }

    /**
     * Adds the variant that the others are compared with.
     *
     * @param variant its key
     * @param weight its relative share
     * @return this builder
     */
    public Builder control(String variant, int weight) {
      if (!control.isEmpty()) {
        throw Checks.invalid("experiment '%s': the control is already '%s', got '%s'"
            .formatted(key, control, variant));
      }
      variant(variant, weight);
      control = variant;
      return this;
    }

    /**
     * Adds a variant.
     *
     * @param variant its key
     * @param weight its relative share
     * @return this builder
     */
    public Builder variant(String variant, int weight) {
      Variant checked = new Variant(variant, weight);
      if (weights.putIfAbsent(checked.key(), checked.weight()) != null) {
        throw Checks.invalid("experiment '" + key + "': variant '" + variant + "' is there twice");
      }
      return this;
    }

    /**
     * Sets the share of eligible units that take part; 1 unless said otherwise. It is a threshold
     * on a hash of its own, so raising it only adds units.
     *
     * @param share from 0 to 1
     * @return this builder
     */
    public Builder traffic(double share) {
      this.traffic = Checks.share("experiment '" + key + "': traffic", share);
      return this;
    }

    /**
     * Sets the epoch, for an experiment that was already running elsewhere; 1 unless said
     * otherwise.
     *
     * @param number 1 or more
     * @return this builder
     */
    public Builder epoch(int number) {
      this.epoch = (int) Checks.atLeast("experiment '" + key + "': epoch", 1, number);
      return this;
    }

    /**
     * Records the weights of an earlier epoch.
     *
     * @param number the earlier epoch
     * @param earlierWeights the weight of each variant then
     * @return this builder
     */
    public Builder earlierEpoch(int number, Map<String, Integer> earlierWeights) {
      Checks.atLeast("experiment '" + key + "': earlier epoch", 1, number);
      history.put(number, Map.copyOf(earlierWeights));
      return this;
    }

    /**
     * Sets what the unit hash is salted with; the key unless said otherwise. A new salt reshuffles
     * every unit.
     *
     * @param newSalt not empty
     * @return this builder
     */
    public Builder salt(String newSalt) {
      if (newSalt.isEmpty()) {
        throw Checks.invalid("experiment '" + key + "': salt must not be empty");
      }
      this.salt = newSalt;
      return this;
    }

    /**
     * Puts the experiment into a slice of a layer.
     *
     * @param layer the layer
     * @param from where the slice starts, as a share of the layer
     * @param to where it ends
     * @return this builder
     */
    public Builder layer(Layer layer, double from, double to) {
      Checks.share("experiment '" + key + "': layer slice start", from);
      Checks.share("experiment '" + key + "': layer slice end", to);
      this.slice = Optional.of(new Slice(
          layer, (int) Math.round(from * Layer.SLOTS), (int) Math.round(to * Layer.SLOTS)));
      return this;
    }

    /**
     * Gives one unit a fixed variant, before any hashing. It is left out of the analysis.
     *
     * @param unitId the unit
     * @param variant the variant it gets
     * @return this builder
     */
    public Builder override(String unitId, String variant) {
      if (unitId.isEmpty()) {
        throw Checks.invalid("experiment '" + key + "': an override needs a unit id");
      }
      overrides.put(unitId, variant);
      return this;
    }

    /**
     * Chooses variants by weighted rendezvous hashing: when weights change, as few units as
     * possible change their variant, whatever the order of the variants. One hash per variant.
     *
     * @return this builder
     */
    public Builder stableWeights() {
      this.stableWeights = true;
      return this;
    }

    /**
     * Puts the experiment into exact slots of a layer.
     *
     * @param newSlice the slots
     * @return this builder
     */
    public Builder slice(Slice newSlice) {
      this.slice = Optional.of(newSlice);
      return this;
    }

    /**
     * Reproduces another product's assignment instead of the native one.
     *
     * @param scheme the product's scheme; the salt is its seed or experiment id
     * @return this builder
     */
    public Builder hashScheme(HashScheme scheme) {
      this.hashScheme = Objects.requireNonNull(scheme, "scheme");
      return this;
    }

    /**
     * Checks everything together.
     *
     * @return the experiment
     * @throws dev.mlops.abtest.error.AbTestException.InvalidInput if there is no control, fewer
     *     than two variants, no positive weight, a sum of weights over 2<sup>31</sup>-1, an
     *     override to an unknown variant, or an earlier epoch that is not earlier
     */
    public Experiment build() {
      ExperimentRules.check(key, control, weights, overrides, epoch, history);
      List<Variant> variants = new ArrayList<>();
      variants.add(new Variant(control, Objects.requireNonNull(weights.get(control))));
      weights.forEach((variant, weight) -> {
        if (!variant.equals(control)) {
          variants.add(new Variant(variant, weight));
        }
      });
      if (stableWeights && hashScheme != HashScheme.NATIVE) {
        throw Checks.invalid(
            "experiment '" + key + "': stable weights need the native scheme, got " + hashScheme);
      }
      Experiment experiment =
          new Experiment(this, List.copyOf(variants), salt.isEmpty() ? key : salt);
      VariantChoice.of(experiment);
      return experiment;
    }
  }
}
