package dev.mlops.drift.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as a reader wants them, the same in every locale. */
public final class Texts {
  private static final MathContext DIGITS = new MathContext(4);

  private Texts() {}

  /** At most four significant digits, no trailing zeros, powers of ten outside 1e-4 to 1e7. */
  public static String number(double v) {
    if (!Double.isFinite(v)) {
      return v > 0 ? "infinity" : v < 0 ? "-infinity" : "not a number";
    }
    if (v == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(v).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(v);
    if (size >= 1e-4 && size < 1e7) {
      return rounded.toPlainString();
    }
    BigDecimal mantissa = rounded.movePointLeft(rounded.precision() - rounded.scale() - 1);
    return mantissa.stripTrailingZeros().toPlainString()
        + "e"
        + (rounded.precision() - rounded.scale() - 1);
  }

  /** A share as per cent with three significant digits. */
  public static String percent(double share) {
    double v = 100 * share;
    if (v == 0) {
      return "0 %";
    }
    return new BigDecimal(v).round(new MathContext(3)).stripTrailingZeros().toPlainString() + " %";
  }

  public static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** An enum constant as words. */
  public static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
