package dev.mlops.drift;

import static java.util.Objects.requireNonNull;

import dev.mlops.drift.internal.BaselineJson;
import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.FeatureBaseline;
import dev.mlops.drift.internal.NumericBaseline;
import dev.mlops.drift.internal.NumericCells;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fitted reference: per feature, quantile cells with exact counts, or the category dictionary,
 * with missing share and moments. What a model was trained on, in a few kilobytes and without a row
 * of it.
 *
 * <p>A numeric feature with K distinct quantile edges has 2K+1 cells: the K edges themselves and
 * the open intervals around them. The JSON form holds these counts, never the values; its SHA-256
 * is the {@linkplain #fingerprint() fingerprint}. While the fitted baseline is in memory it can
 * also keep the sorted values (see {@link Options#keepReference()}), which makes the distance of a
 * raw window exact instead of certified to an interval.
 *
 * <p>Immutable.
 */
public final class Baseline {
  /** The name under which category codes outside the dictionary are shown. */
  public static final String UNKNOWN_CATEGORY = "(unknown)";

  private final List<FeatureBaseline> features;
  private final Map<String, Integer> index;
  private final int[] offsets;
  private final @Nullable NumericCells[] partitions;
  private final int counters;
  private final long rows;
  private final String json;
  private final String fingerprint;

  private Baseline(List<FeatureBaseline> features, long rows) {
    this.features = List.copyOf(features);
    this.rows = rows;
    this.index = new LinkedHashMap<>();
    this.offsets = new int[features.size()];
    this.partitions = new NumericCells[features.size()];
    int next = 0;
    for (int i = 0; i < features.size(); i++) {
      FeatureBaseline feature = features.get(i);
      if (index.put(feature.name(), i) != null) {
        throw DriftException.invalidInput("feature '" + feature.name() + "' is given twice");
      }
      offsets[i] = next;
      next += feature.counters();
      partitions[i] = feature instanceof NumericBaseline numeric ? numeric.partition() : null;
    }
    this.counters = next;
    this.json = BaselineJson.write(this.features, rows);
    this.fingerprint = BaselineJson.fingerprint(json);
  }

  /**
   * Fits a baseline with {@linkplain Options#defaults() default options}.
   *
   * @param reference the reference data, at least one row
   * @return the baseline
   * @throws DriftException if there is no row
   */
  public static Baseline fit(Columns reference) {
    return fit(reference, Options.defaults());
  }

  /**
   * Fits a baseline.
   *
   * @param reference the reference data, at least one row
   * @param options how many cells, and whether values are kept
   * @return the baseline
   * @throws DriftException if there is no row
   */
  public static Baseline fit(Columns reference, Options options) {
    requireNonNull(options, "options");
    if (requireNonNull(reference, "reference").rows() == 0) {
      throw DriftException.invalidInput("a baseline needs at least one reference row, got none");
    }
    List<FeatureBaseline> features = new ArrayList<>();
    for (String name : reference.names()) {
      features.add(
          reference.kind(name) == Columns.Kind.NUMERIC
              ? NumericBaseline.fit(name, reference.numbers(name), options)
              : CategoricalBaseline.fit(
                  name,
                  reference.texts(name),
                  reference.dictionary(name),
                  options.maxCategories()));
    }
    return new Baseline(features, reference.rows());
  }

  /**
   * Reads a baseline.
   *
   * @param json what {@link #toJson()} gave
   * @return the baseline, without reference values
   * @throws DriftException of kind {@code CORRUPT} if the text is not a baseline of a known version
   */
  public static Baseline fromJson(String json) {
    BaselineJson.Content content = BaselineJson.read(requireNonNull(json, "json"));
    return new Baseline(content.features(), content.rows());
  }

  /**
   * Writes the baseline as JSON: counts and edges, no rows.
   *
   * @return the text
   */
  public String toJson() {
    return json;
  }

  /**
   * Returns the SHA-256 of the JSON form in hexadecimal.
   *
   * @return 64 characters
   */
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * Returns the feature names in row order.
   *
   * @return the names
   */
  public List<String> names() {
    return List.copyOf(index.keySet());
  }

  /**
   * Returns how many reference rows it was fitted on.
   *
   * @return the number of rows
   */
  public long rows() {
    return rows;
  }

  /**
   * Returns what a feature holds.
   *
   * @param name the feature
   * @return its kind
   * @throws DriftException if there is no such feature
   */
  public Columns.Kind kind(String name) {
    return feature(indexOf(name)).kind();
  }

  /**
   * Returns the dictionary of a categorical feature: in the order given to
   * {@link Columns.Builder#encoded}, else most frequent first.
   *
   * @param name the feature
   * @return the named categories; a row holds the index into this list
   * @throws DriftException if there is no such categorical feature
   */
  public List<String> categories(String name) {
    if (feature(indexOf(name)) instanceof CategoricalBaseline categorical) {
      return categorical.categories();
    }
    throw DriftException.invalidInput("feature '" + name + "' is numeric, it has no categories");
  }

  /**
   * Returns an empty profile anchored to this baseline.
   *
   * @return a new profile, for one thread
   */
  public Profile newProfile() {
    return new Profile(this);
  }

  /**
   * Returns an empty profile that many threads can record into.
   *
   * @return a new profile
   */
  public Profile.Concurrent newConcurrentProfile() {
    return new Profile.Concurrent(this);
  }

  /**
   * Compares live data with the {@linkplain DriftPolicy#defaults() default policy}.
   *
   * @param live the live data; columns the baseline does not know are ignored
   * @return the report
   */
  public DriftReport compare(Columns live) {
    return compare(live, DriftPolicy.defaults());
  }

  /**
   * Compares live data.
   *
   * @param live the live data; columns the baseline does not know are ignored
   * @param policy what counts as drift
   * @return the report
   */
  public DriftReport compare(Columns live, DriftPolicy policy) {
    return Comparison.of(this, requireNonNull(live, "live"), requireNonNull(policy, "policy"));
  }

  /**
   * Compares a profile; distances are certified intervals.
   *
   * @param live a profile of this baseline
   * @param policy what counts as drift
   * @return the report
   * @throws DriftException if the profile has another baseline
   */
  public DriftReport compare(Profile live, DriftPolicy policy) {
    if (!requireNonNull(live, "live").baseline().fingerprint.equals(fingerprint)) {
      throw DriftException.notComparable("the profile belongs to baseline "
          + live.baseline().fingerprint + ", not " + fingerprint);
    }
    return Comparison.of(this, live, requireNonNull(policy, "policy"));
  }

  int width() {
    return features.size();
  }

  int counters() {
    return counters;
  }

  int offset(int feature) {
    return offsets[feature];
  }

  List<FeatureBaseline> features() {
    return features;
  }

  FeatureBaseline feature(int i) {
    return features.get(i);
  }

  int indexOf(String name) {
    Integer i = index.get(requireNonNull(name, "name"));
    if (i == null) {
      throw DriftException.invalidInput(
          "there is no feature '" + name + "'; features are " + index.keySet());
    }
    return i;
  }

  DriftException wrongWidth(int length) {
    return DriftException.invalidInput(
        "a row must have " + features.size() + " values, got " + length);
  }

  /** Counts one row of the right width; the hot path, allocates nothing. */
  void count(double[] row, long[] counts) {
    for (int i = 0; i < row.length; i++) {
      count(i, row[i], counts);
    }
  }

  void count(int i, double v, long[] counts) {
    NumericCells cells = partitions[i];
    if (cells == null) {
      int dictionary = features.get(i).cells() - 1;
      int at = v >= 0 && v < dictionary ? (int) v : Double.isNaN(v) ? dictionary + 1 : dictionary;
      counts[offsets[i] + at]++;
    } else if (Double.isFinite(v)) {
      counts[offsets[i] + cells.cell(v)]++;
    } else {
      int size = cells.size();
      if (Double.isNaN(v)) {
        counts[offsets[i] + size]++;
      } else {
        counts[offsets[i] + cells.cell(v)]++;
        counts[offsets[i] + size + 1]++;
      }
    }
  }

  int[] allFeatures() {
    int[] all = new int[features.size()];
    java.util.Arrays.setAll(all, i -> i);
    return all;
  }

  static @Nullable String decode(double code, List<String> categories) {
    if (Double.isNaN(code)) {
      return null;
    }
    return code >= 0 && code < categories.size() ? categories.get((int) code) : UNKNOWN_CATEGORY;
  }

  @Override
  public String toString() {
    return "Baseline[features=" + width() + ", rows=" + rows + ", " + fingerprint + "]";
  }

  /**
   * How a {@link Baseline} is fitted. Immutable.
   *
   * @param maxEdges how many quantiles of a numeric feature become edges, from 2 to 65,536; the
   *     certified interval of D is about 2/maxEdges wide
   * @param maxCategories how many of the most frequent categories are counted by name, at least 1;
   *     the rest is counted together
   * @param keepReference whether the sorted reference values stay in memory, 8 bytes each, so that
   *     a raw window gets the exact distance; they are never written to JSON
   */
  public record Options(int maxEdges, int maxCategories, boolean keepReference) {
    private static final Options DEFAULTS = new Options(128, 1000, true);

    /** Creates options. */
    public Options {
      if (maxEdges < 2 || maxEdges > 65_536) {
        throw DriftException.invalidInput("maxEdges must be from 2 to 65536, got " + maxEdges);
      }
      if (maxCategories < 1) {
        throw DriftException.invalidInput("maxCategories must be at least 1, got " + maxCategories);
      }
    }

    /**
     * Returns 128 edges, 1,000 categories, reference kept.
     *
     * @return the defaults
     */
    public static Options defaults() {
      return DEFAULTS;
    }

    /**
     * Returns these options with another number of edges.
     *
     * @param edges from 2 to 65,536
     * @return new options
     */
    public Options withMaxEdges(int edges) {
      return new Options(edges, maxCategories, keepReference);
    }

    /**
     * Returns these options with another number of named categories.
     *
     * @param categories at least 1
     * @return new options
     */
    public Options withMaxCategories(int categories) {
      return new Options(maxEdges, categories, keepReference);
    }

    /**
     * Returns these options without the reference values in memory.
     *
     * @return new options
     */
    public Options withoutReference() {
      return new Options(maxEdges, maxCategories, false);
    }
  }
}
