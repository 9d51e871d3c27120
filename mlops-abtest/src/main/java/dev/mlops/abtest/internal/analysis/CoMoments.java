package dev.mlops.abtest.internal.analysis;

import dev.mlops.abtest.stats.PairedMoments;

/*
 * Means and centred sums of squares and products of (y, x), updated by Welford's recurrence and merged
 * by Chan, Golub and LeVeque's (1979). Sums of raw squares would cancel for values far from zero.
 */
/** Mergeable moments of pairs. Not safe for use by several threads. */
public final class CoMoments {
  private long n;
  private double meanY;
  private double meanX;
  private double syy;
  private double sxx;
  private double sxy;

  public void add(double y, double x) {
    n++;
    double dy = y - meanY;
    double dx = x - meanX;
    meanY += dy / n;
    meanX += dx / n;
    syy += dy * (y - meanY);
    sxx += dx * (x - meanX);
    sxy += dy * (x - meanX);
  }

  public void addAll(CoMoments other) {
    if (other.n == 0) {
      return;
    }
    long total = n + other.n;
    double dy = other.meanY - meanY;
    double dx = other.meanX - meanX;
    double f = (double) n * other.n / total;
    syy += other.syy + dy * dy * f;
    sxx += other.sxx + dx * dx * f;
    sxy += other.sxy + dy * dx * f;
    meanY += dy * other.n / total;
    meanX += dx * other.n / total;
    n = total;
  }

  public static CoMoments of(PairedMoments summary) {
    CoMoments m = new CoMoments();
    m.n = summary.count();
    m.meanY = summary.mean();
    m.meanX = summary.otherMean();
    m.syy = summary.variance() * (m.n - 1);
    m.sxx = summary.otherVariance() * (m.n - 1);
    m.sxy = summary.covariance() * (m.n - 1);
    return m;
  }

  public long n() {
    return n;
  }

  public double meanY() {
    return meanY;
  }

  public double meanX() {
    return meanX;
  }

  public double varianceY() {
    return n < 2 ? 0 : syy / (n - 1);
  }

  public double varianceX() {
    return n < 2 ? 0 : sxx / (n - 1);
  }

  public double covariance() {
    return n < 2 ? 0 : sxy / (n - 1);
  }

  public PairedMoments pairs() {
    return new PairedMoments(n, meanY, varianceY(), meanX, varianceX(), covariance());
  }
}
