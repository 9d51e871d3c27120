package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.DistanceBounds;
import dev.mlops.drift.internal.FeatureBaseline;
import dev.mlops.drift.internal.NumericBaseline;
import dev.mlops.drift.internal.ProfileBytes;
import dev.mlops.drift.internal.ProfileJson;
import dev.mlops.drift.internal.UnseenCategories;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Live data as counters over the cells of a {@link Baseline}: bounded memory, no values kept.
 *
 * <p>Merging adds counters, so it is exact, associative and commutative: threads, time windows and
 * partitions of a cluster can be combined in any order with the same bytes and the same verdict.
 * From the counters the distance D is known within a certified interval.
 *
 * <p>Category names that the baseline does not know are counted by name up to 1,000 per feature;
 * beyond that the names with the smallest hashes stay, still independently of order.
 *
 * <p>Not safe for use by several threads; see {@link Baseline#newConcurrentProfile()}.
 */
public final class Profile {
  private final Baseline baseline;
  private final long[] counts;
  private final @Nullable UnseenCategories[] unseen;

  Profile(Baseline baseline) {
    this(baseline, new long[baseline.counters()]);
  }

  private Profile(Baseline baseline, long[] counts) {
    this.baseline = baseline;
    this.counts = counts;
    this.unseen = new UnseenCategories[baseline.width()];
  }

  /**
   * Returns the baseline that this profile is anchored to.
   *
   * @return the baseline
   */
  public Baseline baseline() {
    return baseline;
  }

  /**
   * Counts one row. Allocates nothing.
   *
   * @param row one value per feature in the order of {@link Baseline#names()}; a categorical value
   *     is the index into {@link Baseline#categories(String)}, any other index an unknown category;
   *     {@code NaN} is missing
   * @throws DriftException if the row has another length
   */
  public void record(double[] row) {
    if (row.length != baseline.width()) {
      throw baseline.wrongWidth(row.length);
    }
    baseline.count(row, counts);
  }

  /**
   * Counts one row given by name; features without an entry are missing.
   *
   * @param row numbers for numeric features, texts (by their {@code toString}) for categorical ones
   * @throws DriftException if a numeric feature gets something that is not a number; nothing is
   *     counted then
   */
  public void record(Map<String, ? extends @Nullable Object> row) {
    record(row, baseline.allFeatures());
  }

  void record(Map<String, ? extends @Nullable Object> row, int[] positions) {
    for (int i : positions) {
      FeatureBaseline feature = baseline.feature(i);
      Object value = row.get(feature.name());
      if (feature instanceof NumericBaseline && value != null && !(value instanceof Number)) {
        throw DriftException.invalidInput("feature '"
            + feature.name()
            + "' is numeric, got a "
            + value.getClass().getSimpleName());
      }
    }
    for (int i : positions) {
      FeatureBaseline feature = baseline.feature(i);
      Object value = row.get(feature.name());
      if (feature instanceof NumericBaseline) {
        addNumber(i, value == null ? Double.NaN : ((Number) value).doubleValue());
      } else {
        addText(i, value == null ? null : value.toString());
      }
    }
  }

  void record(double[] row, int[] positions) {
    for (int i = 0; i < row.length; i++) {
      baseline.count(positions[i], row[i], counts);
    }
  }

  void record(int feature, double value) {
    baseline.count(feature, value, counts);
  }

  /**
   * Counts the values of one numeric feature.
   *
   * @param name the feature
   * @param values the values, {@code NaN} where missing
   * @throws DriftException if there is no such numeric feature
   */
  public void recordColumn(String name, double[] values) {
    int i = baseline.indexOf(name);
    if (!(baseline.feature(i) instanceof NumericBaseline numeric)) {
      throw DriftException.invalidInput("feature '" + name + "' is categorical, got numbers");
    }
    int offset = baseline.offset(i);
    int unusual = numeric.partition().count(values, 0, values.length, counts, offset);
    if (unusual > 0) {
      for (double v : values) {
        if (!Double.isFinite(v)) {
          addNumber(i, v);
        }
      }
    }
  }

  /**
   * Counts the values of one categorical feature.
   *
   * @param name the feature
   * @param values the values, {@code null} where missing
   * @throws DriftException if there is no such categorical feature
   */
  public void recordColumn(String name, @Nullable String[] values) {
    int i = baseline.indexOf(name);
    if (baseline.feature(i) instanceof NumericBaseline) {
      throw DriftException.invalidInput("feature '" + name + "' is numeric, got texts");
    }
    for (String value : values) {
      addText(i, value);
    }
  }

  /**
   * Counts every column that the baseline knows; other columns are ignored.
   *
   * @param columns the live data
   * @throws DriftException if a column has another kind than its feature; nothing is counted then
   */
  public void record(Columns columns) {
    for (String name : baseline.names()) {
      if (columns.contains(name) && columns.kind(name) != baseline.kind(name)) {
        throw DriftException.notComparable("column '"
            + name
            + "' is "
            + columns.kind(name)
            + " but the baseline has it as "
            + baseline.kind(name));
      }
    }
    for (String name : baseline.names()) {
      if (columns.contains(name)) {
        if (baseline.kind(name) == Columns.Kind.NUMERIC) {
          recordColumn(name, columns.numbers(name));
        } else {
          recordColumn(name, columns.texts(name));
        }
      }
    }
  }

  private void addNumber(int i, double v) {
    NumericBaseline numeric = (NumericBaseline) baseline.feature(i);
    int offset = baseline.offset(i);
    if (!Double.isFinite(v)) {
      if (Double.isNaN(v)) {
        counts[offset + numeric.missingCounter()]++;
        return;
      }
      counts[offset + numeric.infiniteCounter()]++;
    }
    counts[offset + numeric.partition().cell(v)]++;
  }

  private void addText(int i, @Nullable String value) {
    CategoricalBaseline categorical = (CategoricalBaseline) baseline.feature(i);
    int offset = baseline.offset(i);
    if (value == null) {
      counts[offset + categorical.missingCounter()]++;
      return;
    }
    int cell = categorical.cell(value);
    counts[offset + cell]++;
    if (cell == categorical.otherCell()) {
      unseen(i).add(value, 1);
    }
  }

  private UnseenCategories unseen(int i) {
    UnseenCategories names = unseen[i];
    if (names == null) {
      names = new UnseenCategories();
      unseen[i] = names;
    }
    return names;
  }

  /**
   * Adds another profile of the same baseline.
   *
   * @param other the profile to add, not changed
   * @return this
   * @throws DriftException if the other profile has another baseline
   */
  public Profile merge(Profile other) {
    requireSameBaseline(other);
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    for (int i = 0; i < unseen.length; i++) {
      UnseenCategories names = other.unseen[i];
      if (names != null) {
        unseen(i).addAll(names, 1);
      }
    }
    return this;
  }

  /**
   * Takes away a profile that was merged before, as a sliding window does with its oldest part.
   *
   * @param other the profile to take away, not changed
   * @return this
   * @throws DriftException if the other profile has another baseline or more of anything than this;
   *     nothing is changed then
   */
  public Profile subtract(Profile other) {
    requireSameBaseline(other);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < other.counts[i]) {
        throw DriftException.notComparable(
            "cannot subtract a profile that is not part of this one: counter "
                + i
                + " would become "
                + (counts[i] - other.counts[i]));
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] -= other.counts[i];
    }
    for (int i = 0; i < unseen.length; i++) {
      UnseenCategories names = other.unseen[i];
      if (names != null) {
        unseen(i).addAll(names, -1);
      }
    }
    return this;
  }

  private void requireSameBaseline(Profile other) {
    if (!requireNonNull(other, "other").baseline.fingerprint().equals(baseline.fingerprint())) {
      throw DriftException.notComparable("profiles of different baselines cannot be combined: "
          + baseline.fingerprint()
          + " and "
          + other.baseline.fingerprint());
    }
  }

  /**
   * Returns an independent copy.
   *
   * @return the copy
   */
  public Profile copy() {
    return new Profile(baseline, new long[counts.length]).merge(this);
  }

  /** Forgets everything that was counted. */
  public void clear() {
    Arrays.fill(counts, 0);
    Arrays.fill(unseen, null);
  }

  /**
   * Returns how many values of a feature were counted, missing ones included.
   *
   * @param name the feature
   * @return the number of values
   * @throws DriftException if there is no such feature
   */
  public long rows(String name) {
    int i = baseline.indexOf(name);
    FeatureBaseline feature = baseline.feature(i);
    long sum = 0;
    for (int c = 0; c <= feature.missingCounter(); c++) {
      sum += counts[baseline.offset(i) + c];
    }
    return sum;
  }

  /**
   * Returns how many rows were counted: the largest number of values of any feature.
   *
   * @return the number of rows
   */
  public long rows() {
    long most = 0;
    for (String name : baseline.names()) {
      most = Math.max(most, rows(name));
    }
    return most;
  }

  /**
   * Writes the profile in a compact, versioned, checksummed form. Equal profiles give equal bytes.
   *
   * @return the bytes
   */
  public byte[] toBytes() {
    return ProfileBytes.write(baseline.fingerprint(), counts, unseen);
  }

  /**
   * Reads a profile.
   *
   * @param bytes what {@link #toBytes()} gave
   * @param baseline the baseline it was recorded against
   * @return the profile
   * @throws DriftException of kind {@code CORRUPT} if the bytes are damaged, {@code NOT_COMPARABLE}
   *     if they belong to another baseline
   */
  public static Profile fromBytes(byte[] bytes, Baseline baseline) {
    Profile profile = new Profile(requireNonNull(baseline, "baseline"));
    ProfileBytes.read(bytes, baseline.fingerprint(), profile.counts, profile.unseen);
    return profile;
  }

  /**
   * Writes the profile as JSON: counts only, longer than {@link #toBytes()} and readable. Equal
   * profiles give equal texts.
   *
   * @return the text
   */
  public String toJson() {
    return ProfileJson.write(baseline.fingerprint(), baseline.features(), counts, unseen);
  }

  /**
   * Reads a profile.
   *
   * @param json what {@link #toJson()} gave
   * @param baseline the baseline it was recorded against
   * @return the profile
   * @throws DriftException of kind {@code CORRUPT} if the text is not a profile of a known version,
   *     {@code NOT_COMPARABLE} if it belongs to another baseline
   */
  public static Profile fromJson(String json, Baseline baseline) {
    Profile profile = new Profile(requireNonNull(baseline, "baseline"));
    ProfileJson.read(
        requireNonNull(json, "json"),
        baseline.fingerprint(),
        baseline.features(),
        profile.counts,
        profile.unseen);
    return profile;
  }

  DistanceBounds distanceBounds(int feature) {
    return DistanceBounds.of(
        (NumericBaseline) baseline.feature(feature), counts, baseline.offset(feature));
  }

  long counter(int index) {
    return counts[index];
  }

  Map<String, Long> unseenNames(int feature) {
    UnseenCategories names = unseen[feature];
    return names == null ? Map.of() : names.counts();
  }

  /** Two profiles are equal if they have the same baseline and the same counters. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Profile profile && Arrays.equals(toBytes(), profile.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return "Profile[rows=" + rows() + ", baseline=" + baseline.fingerprint() + "]";
  }

  /**
   * A profile that many threads may record into: each thread has one of several stripes, which are
   * summed when asked. Safe for use by several threads.
   */
  public static final class Concurrent {
    private final Stripes stripes;

    Concurrent(Baseline baseline) {
      stripes = new Stripes(baseline);
    }

    /**
     * Counts one row; see {@link Profile#record(double[])}.
     *
     * @param row one value per feature
     * @throws DriftException if the row has another length
     */
    public void record(double[] row) {
      Profile stripe = stripes.own();
      synchronized (stripe) {
        stripe.record(row);
      }
    }

    /**
     * Counts one row given by name; see {@link Profile#record(Map)}.
     *
     * @param row values by feature name
     * @throws DriftException if a numeric feature gets something that is not a number
     */
    public void record(Map<String, ? extends @Nullable Object> row) {
      Profile stripe = stripes.own();
      synchronized (stripe) {
        stripe.record(row);
      }
    }

    /**
     * Returns what all threads have counted so far.
     *
     * @return an independent profile
     */
    public Profile sum() {
      return stripes.sum();
    }
  }
}
