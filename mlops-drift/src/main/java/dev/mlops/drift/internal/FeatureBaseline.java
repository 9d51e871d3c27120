package dev.mlops.drift.internal;

import dev.mlops.drift.Columns;

/**
 * The reference distribution of one feature as counters: {@link #cells()} counters for values, then
 * one for missing values, then one for infinite values (which are also in their cell).
 */
public sealed interface FeatureBaseline permits NumericBaseline, CategoricalBaseline {
  String name();

  Columns.Kind kind();

  /** How many cells values fall into. */
  int cells();

  /** Reference values in a cell. */
  long count(int cell);

  long missing();

  long infinite();

  /** Reference values that are not missing. */
  long present();

  default int counters() {
    return cells() + 2;
  }

  default int missingCounter() {
    return cells();
  }

  default int infiniteCounter() {
    return cells() + 1;
  }
}
