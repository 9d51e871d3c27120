package dev.mlops.examples.quickstart;

import dev.mlops.data.Feature;
import dev.mlops.data.Table;
import dev.mlops.drift.Baseline;
import dev.mlops.drift.Columns;
import dev.mlops.drift.DriftReport;

/** The one line of wiring between a table and the drift module. */
final class DriftCheck {

  private DriftCheck() {}

  static DriftReport compare(Table reference, Table live) {
    return Baseline.fit(columns(reference)).compare(columns(live));
  }

  private static Columns columns(Table table) {
    Columns.Builder columns = Columns.builder();
    for (Feature feature : table.schema().features()) {
      double[] values = table.column(feature.name());
      if (feature instanceof Feature.Categorical categorical) {
        columns.encoded(feature.name(), values, categorical.categories());
      } else {
        columns.numeric(feature.name(), values);
      }
    }
    return columns.build();
  }
}
