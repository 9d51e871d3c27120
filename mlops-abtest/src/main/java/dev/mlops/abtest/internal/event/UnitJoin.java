package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.internal.analysis.OutcomeNames;
import dev.mlops.abtest.internal.analysis.UnitOutcomes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/*
 * A unit belongs to the epoch and variant of its first exposure, with its outcomes from then on. When
 * a later epoch changed the weights, the whole cohort's outcomes end there: some of its units may see
 * another variant from that moment, and ending both arms at the same time keeps them comparable.
 */
/** Joins one unit's exposures with its outcomes. Reused from unit to unit. */
public final class UnitJoin implements UnitOutcomes {
  /** What the units had in them, for the reader's report. */
  public static final class Tally {
    public long duplicates;
    public long repeatedExposures;
    public long overrides;
    public long multipleExposures;
    public long moved;
    public long beforeExposure;
    public long late;
    public long unknownUnit;
  }

  /** What the join needs to know about epochs. */
  public interface Epochs {
    /** Whether an exposure in one epoch may lead to another variant in another epoch. */
    boolean mayMove(int from, int to);

    /** When outcomes of an epoch's cohort stop counting, in milliseconds. */
    long end(int epoch);
  }

  private final OutcomeNames names;
  private final Epochs epochs;
  private final long window;
  private final Tally tally;
  private final double[] sums;
  private final int[] counts;
  private int epoch;
  private int variant;

  UnitJoin(OutcomeNames names, Epochs epochs, long window, Tally tally) {
    this.names = names;
    this.epochs = epochs;
    this.window = window;
    this.tally = tally;
    this.sums = new double[names.size()];
    this.counts = new int[names.size()];
  }

  /**
   * Records of one unit in order; true if it belongs to a cell, which epoch() and variant() name.
   */
  boolean join(List<Rec> records) {
    java.util.Arrays.fill(sums, 0);
    java.util.Arrays.fill(counts, 0);
    Set<Long> ids = new HashSet<>();
    List<Rec> unique = records.stream().filter(r -> ids.add(r.id())).toList();
    tally.duplicates += records.size() - unique.size();
    Rec first = unique.stream().filter(Rec::exposure).findFirst().orElse(null);
    if (first == null) {
      tally.unknownUnit += unique.size();
      return false;
    }
    if (any(unique, v -> v < 0)) {
      tally.overrides++;
      return false;
    }
    if (crossed(unique, first)) {
      tally.multipleExposures++;
      return false;
    }
    epoch = first.epoch();
    variant = first.variant();
    long end = Math.min(epochs.end(epoch), addSaturated(first.at(), window));
    for (Rec r : unique) {
      if (!r.exposure()) {
        outcome(r, first.at(), end);
      }
    }
    return true;
  }

  private void outcome(Rec r, long start, long end) {
    boolean covariate = names.isCovariate(r.kind());
    if (!covariate && r.at() < start) {
      tally.beforeExposure++;
    } else if (!covariate && r.at() >= end) {
      tally.late++;
    } else {
      sums[r.kind()] += r.value();
      counts[r.kind()]++;
    }
  }

  private boolean crossed(List<Rec> records, Rec first) {
    boolean moved = false;
    boolean crossed = false;
    for (Rec r : records) {
      if (r.exposure() && r != first) {
        tally.repeatedExposures++;
        if (r.variant() != first.variant()) {
          boolean allowed = epochs.mayMove(first.epoch(), r.epoch());
          moved |= allowed;
          crossed |= !allowed;
        }
      }
    }
    tally.moved += moved && !crossed ? 1 : 0;
    return crossed;
  }

  private static boolean any(List<Rec> records, IntPredicate variant) {
    return records.stream().filter(Rec::exposure).anyMatch(r -> variant.test(r.variant()));
  }

  private static long addSaturated(long a, long b) {
    long sum = a + b;
    return sum < a ? Long.MAX_VALUE : sum;
  }

  int epoch() {
    return epoch;
  }

  int variant() {
    return variant;
  }

  @Override
  public double sum(int outcome) {
    return sums[outcome];
  }

  @Override
  public int count(int outcome) {
    return counts[outcome];
  }
}
