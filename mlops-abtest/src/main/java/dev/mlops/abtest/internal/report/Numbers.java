package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.stats.Interval;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  static String value(double v) {
    if (Double.isNaN(v)) {
      return "–";
    }
    if (Double.isInfinite(v)) {
      return v > 0 ? "∞" : "−∞";
    }
    double a = Math.abs(v);
    if (a != 0 && (a < 1e-4 || a >= 1e7)) {
      return String.format(Locale.ROOT, "%.3g", v);
    }
    int decimals = a >= 1000 ? 0 : a >= 100 ? 1 : a >= 10 ? 2 : a >= 1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", v);
  }

  /** Without trailing zeros. */
  static String plain(double v) {
    return new java.math.BigDecimal(v, new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }

  static String signed(double v) {
    return v > 0 ? "+" + value(v) : value(v).replace('-', '−');
  }

  static String interval(Interval i) {
    return "[" + signed(i.low()) + ", " + signed(i.high()) + "]";
  }

  static String percents(Interval i) {
    return "[" + percent(i.low()) + ", " + percent(i.high()) + "]";
  }

  static String percent(double v) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * v).replace('-', '−');
  }

  static String pValue(OptionalDouble p) {
    if (p.isEmpty()) {
      return "–";
    }
    double v = p.getAsDouble();
    return v < 1e-4 ? String.format(Locale.ROOT, "%.1e", v) : String.format(Locale.ROOT, "%.4f", v);
  }

  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
