package dev.mlops.drift;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.internal.Divergences;
import dev.mlops.drift.internal.NumericBaseline;
import dev.mlops.drift.internal.OrderedTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every test and distance of a numeric feature from the cells of its baseline. */
final class NumericMeasures {
  private static final int PSI_CELLS = 10;
  private static final int DISTANCE_CELLS = 20;

  private final NumericBaseline reference;
  private final long[] a;
  private final long[] b;
  private final double @Nullable [] window;

  NumericMeasures(NumericBaseline reference, Profile live, int feature, @Nullable Columns raw) {
    this.reference = reference;
    int offset = live.baseline().offset(feature);
    a = new long[reference.cells()];
    b = new long[reference.cells()];
    for (int c = 0; c < a.length; c++) {
      a[c] = reference.count(c);
      b[c] = live.counter(offset + c);
    }
    window = raw == null ? null : NumericBaseline.present(raw.numbers(reference.name()));
  }

  /** The p is that of the Kolmogorov-Smirnov test where the measure has none of its own. */
  DriftTests.Result test(Measure test, double otherwise) {
    return switch (test) {
      case CRAMER_VON_MISES -> {
        long[][] table = table();
        yield result(OrderedTable.cramerVonMises(table[0], table[1]));
      }
      case ANDERSON_DARLING -> {
        long[][] table = table();
        yield result(OrderedTable.andersonDarling(table[0], table[1]));
      }
      case PSI -> {
        DriftTests.Psi psi = psi();
        yield new DriftTests.Result(psi.value(), psi.pValue());
      }
      case JENSEN_SHANNON -> grouped(otherwise, DriftTests::jensenShannon);
      case EVIDENTLY_JENSEN_SHANNON -> grouped(otherwise, PeerConventions::evidentlyJensenShannon);
      case HELLINGER -> grouped(otherwise, DriftTests::hellinger);
      case TOTAL_VARIATION -> grouped(otherwise, DriftTests::totalVariation);
      case WASSERSTEIN -> new DriftTests.Result(scaled(wasserstein(), iqr()), otherwise);
      case EVIDENTLY_WASSERSTEIN ->
        new DriftTests.Result(
            scaled(wasserstein(), Math.max(0.001, reference.moments().standardDeviation())),
            otherwise);
      case KOLMOGOROV_SMIRNOV, CHI_SQUARE, G_TEST, EVIDENTLY_CHI_SQUARE ->
        throw new IllegalArgumentException(test + " is not measured here");
    };
  }

  private static DriftTests.Result result(OrderedTable table) {
    return new DriftTests.Result(table.statistic(), table.pValue());
  }

  /** Counts over the pooled values while both samples are at hand, else over the cells. */
  private long[][] table() {
    double[] values = reference.values();
    if (window == null || values == null) {
      return new long[][] {a, b};
    }
    double[] sorted = window.clone();
    Arrays.sort(sorted);
    return OrderedTable.tabulate(values, sorted);
  }

  private interface Distance {
    double of(long[] a, long[] b);
  }

  private DriftTests.Result grouped(double p, Distance distance) {
    long[][] groups = groups(DISTANCE_CELLS);
    return new DriftTests.Result(distance.of(groups[0], groups[1]), p);
  }

  DriftTests.Psi psi() {
    long[][] groups = groups(PSI_CELLS);
    return DriftTests.psi(groups[0], groups[1]);
  }

  Map<String, Double> distances() {
    Map<String, Double> all = new LinkedHashMap<>();
    DriftTests.Psi psi = psi();
    all.put("psi", psi.value());
    all.put("psiExpected", psi.expected());
    long[][] groups = groups(DISTANCE_CELLS);
    all.put("jensenShannon", DriftTests.jensenShannon(groups[0], groups[1]));
    all.put("hellinger", DriftTests.hellinger(groups[0], groups[1]));
    if (iqr() > 0) {
      all.put("wassersteinOverIqr", scaled(wasserstein(), iqr()));
    }
    return all;
  }

  /** Neighbouring cells together, about equally deep in the reference, each ending at an edge. */
  private long[][] groups(int wanted) {
    double depth = (double) reference.present() / wanted;
    long[][] groups = new long[2][a.length];
    int k = 0;
    double filled = 0;
    for (int c = 0; c < a.length; c++) {
      groups[0][k] += a[c];
      groups[1][k] += b[c];
      filled += a[c];
      if ((c & 1) == 1 && filled >= depth * (k + 1) - 1e-9 && c < a.length - 2) {
        k++;
      }
    }
    return new long[][] {Arrays.copyOf(groups[0], k + 1), Arrays.copyOf(groups[1], k + 1)};
  }

  private double iqr() {
    return reference.moments().q3() - reference.moments().q1();
  }

  private static double scaled(double distance, double scale) {
    return scale > 0 ? distance / scale : distance > 0 ? Double.MAX_VALUE : 0;
  }

  /**
   * Exact while both samples are at hand and finite; else between cells, a value inside a cell
   * counted at its middle and one outside the reference range at the nearest edge.
   */
  private double wasserstein() {
    double[] values = reference.values();
    if (window != null && values != null && finite(values) && finite(window)) {
      double[] sorted = window.clone();
      Arrays.sort(sorted);
      return Divergences.area(values, sorted, 1);
    }
    double[] points = new double[a.length];
    for (int c = 0; c < a.length; c++) {
      int k = c / 2;
      int last = reference.partition().edgeCount() - 1;
      double low = reference.partition().edge(Math.max(0, k - 1));
      double high = reference.partition().edge(Math.min(last, k));
      points[c] = (c & 1) == 1 ? high : low / 2 + high / 2;
      if (c == 0) {
        points[c] = reference.partition().edge(0);
      } else if (c == a.length - 1) {
        points[c] = reference.partition().edge(last);
      }
      points[c] = Math.max(-Double.MAX_VALUE / 4, Math.min(Double.MAX_VALUE / 4, points[c]));
    }
    return Divergences.area(points, Divergences.shares(a), Divergences.shares(b));
  }

  private static boolean finite(double[] values) {
    for (double v : values) {
      if (Double.isInfinite(v)) {
        return false;
      }
    }
    return true;
  }
}
