package dev.mlops.drift.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/*
 * Counts of category names that the baseline does not have.
 * At most LIMIT names are kept: those with the smallest (hash, name). A name among the smallest of a
 * union is among the smallest of every part that holds it, so its count is exact and the result does
 * not depend on the order of merging.
 */
public final class UnseenCategories {
  static final int LIMIT = 1000;

  private static final Comparator<String> BY_HASH = Comparator.<String>comparingLong(
          UnseenCategories::hash)
      .thenComparing(Comparator.naturalOrder());

  private final TreeMap<String, Long> names = new TreeMap<>(BY_HASH);

  /** FNV-1a over UTF-16 units with a final mix: the same on every machine. */
  private static long hash(String name) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      h = (h ^ name.charAt(i)) * 0x100000001b3L;
    }
    h ^= h >>> 32;
    h *= 0xd6e8feb86659fd93L;
    return h ^ (h >>> 32);
  }

  public void add(String name, long count) {
    Long old = names.get(name);
    if (old == null && names.size() == LIMIT && BY_HASH.compare(name, names.lastKey()) > 0) {
      return;
    }
    long sum = (old == null ? 0 : old) + count;
    if (sum <= 0) {
      names.remove(name);
    } else {
      names.put(name, sum);
    }
    if (names.size() > LIMIT) {
      names.pollLastEntry();
    }
  }

  public void addAll(UnseenCategories other, int sign) {
    other.names.forEach((name, count) -> add(name, sign * count));
  }

  public boolean isEmpty() {
    return names.isEmpty();
  }

  /** The counts, most frequent first, then by name. */
  public Map<String, Long> counts() {
    List<Map.Entry<String, Long>> entries = new ArrayList<>(names.entrySet());
    entries.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
        .thenComparing(Map.Entry.comparingByKey()));
    Map<String, Long> result = new java.util.LinkedHashMap<>();
    entries.forEach(e -> result.put(e.getKey(), e.getValue()));
    return result;
  }

  TreeMap<String, Long> ordered() {
    return names;
  }
}
