package dev.mlops.drift.internal;

import dev.mlops.drift.Columns;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A categorical reference: the most frequent categories by name, then one cell for all others. */
public final class CategoricalBaseline implements FeatureBaseline {
  private final String name;
  private final List<String> categories;
  private final Map<String, Integer> index;
  private final long[] counts;
  private final long missing;
  private final long present;

  /** Counts has one entry per category and a last one for the reference's other categories. */
  public CategoricalBaseline(String name, List<String> categories, long[] counts, long missing) {
    this.name = name;
    this.categories = List.copyOf(categories);
    this.counts = counts;
    this.missing = missing;
    this.index = new HashMap<>(categories.size() * 2);
    long sum = 0;
    for (int i = 0; i < categories.size(); i++) {
      index.put(categories.get(i), i);
    }
    for (long c : counts) {
      sum += c;
    }
    this.present = sum;
  }

  /**
   * Fits a column in which null is missing. Ties in frequency go by name, for one answer
   * everywhere.
   */
  public static CategoricalBaseline fit(
      String name, @Nullable String[] column, List<String> dictionary, int maxCategories) {
    Map<String, Long> frequency = new HashMap<>();
    long missing = 0;
    for (String value : column) {
      if (value == null) {
        missing++;
      } else {
        frequency.merge(value, 1L, Long::sum);
      }
    }
    return dictionary.isEmpty()
        ? of(name, frequency, missing, maxCategories)
        : inOrder(name, dictionary, frequency, missing);
  }

  private static CategoricalBaseline inOrder(
      String name, List<String> dictionary, Map<String, Long> frequency, long missing) {
    long[] counts = new long[dictionary.size() + 1];
    long all = frequency.values().stream().mapToLong(Long::longValue).sum();
    for (int i = 0; i < dictionary.size(); i++) {
      counts[i] = frequency.getOrDefault(dictionary.get(i), 0L);
      all -= counts[i];
    }
    counts[dictionary.size()] = all;
    return new CategoricalBaseline(name, dictionary, counts, missing);
  }

  private static CategoricalBaseline of(
      String name, Map<String, Long> frequency, long missing, int maxCategories) {
    Map<String, Long> top = new LinkedHashMap<>();
    frequency.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()))
        .limit(maxCategories)
        .forEach(e -> top.put(e.getKey(), e.getValue()));
    long[] counts = new long[top.size() + 1];
    int i = 0;
    long named = 0;
    for (long c : top.values()) {
      counts[i++] = c;
      named += c;
    }
    counts[i] = frequency.values().stream().mapToLong(Long::longValue).sum() - named;
    return new CategoricalBaseline(name, List.copyOf(top.keySet()), counts, missing);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Columns.Kind kind() {
    return Columns.Kind.CATEGORICAL;
  }

  @Override
  public int cells() {
    return counts.length;
  }

  @Override
  public long count(int cell) {
    return counts[cell];
  }

  @Override
  public long missing() {
    return missing;
  }

  @Override
  public long infinite() {
    return 0;
  }

  @Override
  public long present() {
    return present;
  }

  public List<String> categories() {
    return categories;
  }

  public int otherCell() {
    return categories.size();
  }

  /** The cell of a category, or that of all others. */
  public int cell(String category) {
    Integer i = index.get(category);
    return i == null ? categories.size() : i;
  }

  /** Whether the reference had more categories than are counted by name. */
  public boolean truncated() {
    return counts[categories.size()] > 0;
  }
}
