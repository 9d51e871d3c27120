package dev.mlops.drift.internal;

/*
 * The two-sample distance from counters alone. At the end of every cell the difference F1 - F2 is
 * known exactly, which gives the lower bound; inside an open cell that both samples populate the
 * difference is at most max(F1(end) - F2(start), F2(end) - F1(start)), which gives the upper bound.
 * If only one sample populates a cell the difference is monotone in it. Products of counts are exact
 * in double arithmetic up to 2^53, that is for 90 million rows against 90 million.
 */
public record DistanceBounds(double low, double high, int cell) {

  /** Both samples have at least one value; counts of the live sample start at offset. */
  public static DistanceBounds of(NumericBaseline reference, long[] live, int offset) {
    int size = reference.cells();
    double n = reference.present();
    double m = 0;
    for (int c = 0; c < size; c++) {
      m += live[offset + c];
    }
    double best = -1;
    double bound = 0;
    int at = 0;
    double f = 0;
    double g = 0;
    for (int c = 0; c < size; c++) {
      double fEnd = f + reference.count(c);
      double gEnd = g + live[offset + c];
      double v = Math.abs(fEnd * m - gEnd * n);
      if (v > best) {
        best = v;
        at = c;
      }
      if ((c & 1) == 0 && fEnd > f && gEnd > g) {
        bound = Math.max(bound, Math.max(fEnd * m - g * n, gEnd * n - f * m));
      }
      f = fEnd;
      g = gEnd;
    }
    return new DistanceBounds(best / (n * m), Math.max(best, bound) / (n * m), at);
  }
}
