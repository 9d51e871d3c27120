package dev.mlops.data.internal;

import java.util.Set;

/** The options of a CSV reader; an empty {@code positive} means that none was named. */
public record CsvFormat(
    char delimiter,
    Set<String> missing,
    Set<String> numeric,
    Set<String> categorical,
    Set<String> ignored,
    Set<String> kept,
    boolean quantity,
    String positive,
    int maxCategories) {

  public CsvFormat {
    missing = Set.copyOf(missing);
    numeric = Set.copyOf(numeric);
    categorical = Set.copyOf(categorical);
    ignored = Set.copyOf(ignored);
    kept = Set.copyOf(kept);
  }

  boolean isMissing(String text) {
    return missing.contains(text);
  }
}
