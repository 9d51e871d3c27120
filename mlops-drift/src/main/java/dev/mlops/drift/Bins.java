package dev.mlops.drift;

import dev.mlops.drift.FeatureDrift.Bin;
import dev.mlops.drift.internal.CategoricalBaseline;
import dev.mlops.drift.internal.FeatureBaseline;
import dev.mlops.drift.internal.NumericBaseline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Groups cells into a few bins for a reader. */
final class Bins {
  private static final int MOST = 20;

  private Bins() {}

  static List<Bin> of(Baseline baseline, Profile live, int i) {
    FeatureBaseline feature = baseline.feature(i);
    double n = feature.present();
    double m = 0;
    for (int c = 0; c < feature.cells(); c++) {
      m += live.counter(baseline.offset(i) + c);
    }
    return feature instanceof NumericBaseline numeric
        ? numeric(numeric, live, baseline.offset(i), n, m)
        : categorical((CategoricalBaseline) feature, live, baseline.offset(i), i, n, m);
  }

  /** About equally deep in the reference; what lies outside its range has bins of its own. */
  private static List<Bin> numeric(
      NumericBaseline numeric, Profile live, int offset, double n, double m) {
    List<Bin> bins = new ArrayList<>();
    int cells = numeric.cells();
    double a = 0;
    double b = 0;
    for (int c = 0; c < cells; c++) {
      a += numeric.count(c);
      b += live.counter(offset + c);
      boolean last = c == cells - 1;
      boolean outside = c == 0 || last;
      boolean full = a >= n / MOST || c == cells - 2;
      if (outside ? a + b > 0 : (c & 1) == 1 && full) {
        double upper = last ? Double.POSITIVE_INFINITY : numeric.partition().edge(c / 2);
        bins.add(new Bin(Double.toString(upper), OptionalDouble.of(upper), a / n, b / m));
        a = 0;
        b = 0;
      }
    }
    return bins;
  }

  private static List<Bin> categorical(
      CategoricalBaseline reference, Profile live, int offset, int i, double n, double m) {
    List<Bin> all = new ArrayList<>();
    int named = reference.categories().size();
    for (int c = 0; c < named; c++) {
      all.add(
          bin(reference.categories().get(c), reference.count(c) / n, live.counter(offset + c) / m));
    }
    double otherReference = reference.count(named) / n;
    double otherLive = live.counter(offset + named) / m;
    if (!reference.truncated()) {
      for (Map.Entry<String, Long> entry : live.unseenNames(i).entrySet()) {
        all.add(bin(entry.getKey(), 0, entry.getValue() / m));
        otherLive -= entry.getValue() / m;
      }
    }
    all.sort(Comparator.comparingDouble((Bin b) -> -Math.max(b.referenceShare(), b.liveShare())));
    List<Bin> shown = new ArrayList<>(all.subList(0, Math.min(MOST, all.size())));
    for (Bin bin : all.subList(shown.size(), all.size())) {
      otherReference += bin.referenceShare();
      otherLive += bin.liveShare();
    }
    if (otherReference + otherLive > 1e-12) {
      shown.add(bin("(other)", otherReference, Math.max(0, otherLive)));
    }
    return shown;
  }

  private static Bin bin(String label, double referenceShare, double liveShare) {
    return new Bin(label, OptionalDouble.empty(), referenceShare, liveShare);
  }
}
