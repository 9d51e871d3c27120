package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;
import dev.mlops.abtest.internal.hash.Murmur3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Three independent hashes of the unit: layer slot, inclusion, variant. Each is murmur3_x86_32 of the
 * UTF-8 unit id, seeded with murmur3_x86_32 of its own salt. Sharing one hash between inclusion and
 * variant would make only a part of the variants reachable at low traffic.
 */
/**
 * Decides which variant a unit gets. The same unit always gets the same answer, in every process,
 * without any state. Safe for use by several threads; allocates nothing.
 */
public final class Assigner {
  private static final Logger LOG = LoggerFactory.getLogger(Assigner.class);
  private static final long UNSIGNED = 0xffffffffL;

  private final Experiment experiment;
  private final Assignment[] byHash;
  private final Assignment[] sticky;
  private final AtomicLong storeFailures = new AtomicLong();
  private final LongAdder[] exposures;
  private final @Nullable EventSink sink;
  private final Map<String, Assignment> overrides = new HashMap<>();
  private final Assignment noUnit;
  private final Assignment holdout;
  private final Assignment notInSlice;
  private final Assignment notInTraffic;
  private final VariantChoice choice;
  private final long trafficThreshold;
  private final int trafficSeed;
  private final boolean nativeScheme;
  private final boolean layered;
  private final int layerSeed;
  private final int holdoutEnd;
  private final int sliceFrom;
  private final int sliceTo;

  private Assigner(Experiment experiment, @Nullable EventSink sink) {
    this.experiment = experiment;
    this.sink = sink;
    List<Variant> variants = experiment.variants();
    this.byHash = new Assignment[variants.size()];
    this.sticky = new Assignment[variants.size()];
    this.exposures = new LongAdder[variants.size()];
    for (int i = 0; i < byHash.length; i++) {
      byHash[i] = new Assignment(experiment, i, Assignment.Reason.HASH);
      sticky[i] = new Assignment(experiment, i, Assignment.Reason.STICKY);
      exposures[i] = new LongAdder();
    }
    experiment
        .overrides()
        .forEach((unit, variant) -> overrides.put(unit, override(indexOf(variant))));
    this.noUnit = new Assignment(experiment, -1, Assignment.Reason.NO_UNIT);
    this.holdout = new Assignment(experiment, -1, Assignment.Reason.HOLDOUT);
    this.notInSlice = new Assignment(experiment, -1, Assignment.Reason.NOT_IN_LAYER_SLICE);
    this.notInTraffic = new Assignment(experiment, -1, Assignment.Reason.NOT_IN_TRAFFIC);
    this.choice = VariantChoice.of(experiment);
    this.trafficThreshold = Math.round(experiment.traffic() * (UNSIGNED + 1));
    this.trafficSeed = Murmur3.hash32(experiment.salt() + "/traffic", 0);
    Experiment.@Nullable Slice slice = experiment.slice().orElse(null);
    this.nativeScheme = experiment.hashScheme() == HashScheme.NATIVE;
    this.layered = slice != null;
    this.layerSeed = slice == null ? 0 : Murmur3.hash32(slice.layer().name() + "/layer", 0);
    this.holdoutEnd = slice == null ? 0 : slice.layer().holdoutSlots();
    this.sliceFrom = slice == null ? 0 : slice.from();
    this.sliceTo = slice == null ? Layer.SLOTS : slice.to();
  }

  /**
   * An assigner for one experiment.
   *
   * @param experiment the experiment
   * @return the assigner
   */
  public static Assigner of(Experiment experiment) {
    return new Assigner(experiment, null);
  }

  /**
   * An assigner whose {@link #expose} also records the exposure.
   *
   * @param experiment the experiment
   * @param sink takes each unit's first exposure; the caller closes it
   * @return the assigner
   */
  public static Assigner of(Experiment experiment, EventSink sink) {
    return new Assigner(experiment, Objects.requireNonNull(sink, "sink"));
  }

  /**
   * The experiment this assigner serves.
   *
   * @return the experiment
   */
  public Experiment experiment() {
    return experiment;
  }

  /**
   * Decides for one unit, in this order: override, layer holdout, layer slice, traffic, hash.
   *
   * @param unitId the randomised unit, for example a user id; null or empty is {@code NO_UNIT}
   * @return a shared, immutable assignment
   */
  public Assignment assign(@Nullable String unitId) {
    if (unitId == null || unitId.isEmpty()) {
      return noUnit;
    }
    if (!overrides.isEmpty()) {
      Assignment override = overrides.get(unitId);
      if (override != null) {
        return override;
      }
    }
    if (layered) {
      int slot = Murmur3.bucket(Murmur3.hash32(unitId, layerSeed), Layer.SLOTS);
      if (slot < sliceFrom || slot >= sliceTo) {
        return slot < holdoutEnd ? holdout : notInSlice;
      }
    }
    if (nativeScheme
        && trafficThreshold <= UNSIGNED
        && (Murmur3.hash32(unitId, trafficSeed) & UNSIGNED) >= trafficThreshold) {
      return notInTraffic;
    }
    int variant = choice.of(unitId);
    return variant < 0 ? notInTraffic : byHash[variant];
  }

  /**
   * Decides for one unit with the help of a store: a unit that once got a variant keeps it,
   * whatever happens to weights and traffic, as long as the variant exists. Overrides and the layer
   * come first. If the store fails, the hash decides and the failure is logged.
   *
   * @param unitId the randomised unit; null or empty is {@code NO_UNIT}
   * @param store remembers units
   * @return a shared, immutable assignment
   */
  public Assignment assign(@Nullable String unitId, AssignmentStore store) {
    Assignment fresh = assign(unitId);
    boolean keeps = fresh.reason() == Assignment.Reason.HASH
        || fresh.reason() == Assignment.Reason.NOT_IN_TRAFFIC;
    if (unitId == null || !keeps) {
      return fresh;
    }
    try {
      Optional<String> earlier = store.find(experiment.salt(), unitId);
      if (earlier.isEmpty() && fresh.variant().isPresent()) {
        String kept =
            store.putIfAbsent(experiment.salt(), unitId, fresh.variant().get());
        return kept.equals(fresh.variant().get()) ? fresh : sticky(kept).orElse(fresh);
      }
      return earlier.flatMap(this::sticky).orElse(fresh);
    } catch (RuntimeException e) {
      if (storeFailures.getAndIncrement() == 0) {
        LOG.warn("The assignment store of '{}' fails; the hash decides", experiment.key(), e);
      }
      return fresh;
    }
  }

  private Optional<Assignment> sticky(String variant) {
    for (Assignment assignment : sticky) {
      if (assignment.variant().orElse("").equals(variant)) {
        return Optional.of(assignment);
      }
    }
    return Optional.empty();
  }

  /**
   * Decides for one unit that is about to see its variant, and counts it.
   *
   * @param unitId the randomised unit; null or empty is {@code NO_UNIT}
   * @return a shared, immutable assignment
   */
  public Assignment expose(@Nullable String unitId) {
    Assignment assignment = assign(unitId);
    if (assignment.analysed()) {
      exposures[assignment.variantIndex].increment();
    }
    if (sink != null && unitId != null && assignment.inExperiment()) {
      sink.exposure(unitId, assignment);
    }
    return assignment;
  }

  /**
   * How often {@link #expose} gave a variant; repeats of a unit count again. Overrides do not
   * count.
   *
   * @param variant the variant's key
   * @return the count since this assigner was made
   */
  public long exposures(String variant) {
    return exposures[indexOf(variant)].sum();
  }

  private Assignment override(int variantIndex) {
    return new Assignment(experiment, variantIndex, Assignment.Reason.OVERRIDE);
  }

  private int indexOf(String variant) {
    for (int i = 0; i < byHash.length; i++) {
      if (experiment.variants().get(i).key().equals(variant)) {
        return i;
      }
    }
    throw Checks.invalid("experiment '%s' has no variant '%s'; variants are %s"
        .formatted(experiment.key(), variant, experiment.variants()));
  }
}
