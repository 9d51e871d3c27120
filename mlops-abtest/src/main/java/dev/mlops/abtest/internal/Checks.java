package dev.mlops.abtest.internal;

import dev.mlops.abtest.error.AbTestException;
import java.util.Objects;
import java.util.regex.Pattern;

/** Argument checks whose messages name the thing, the rule and the value. */
public final class Checks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}");

  private Checks() {}

  public static AbTestException.InvalidInput invalid(String message) {
    return new AbTestException.InvalidInput(message);
  }

  public static String name(String what, String value) {
    Objects.requireNonNull(value, what);
    if (!NAME.matcher(value).matches()) {
      throw invalid(what
          + " must be 1 to 128 letters, digits or . _ : @ / - and start with a letter or digit,"
          + " got '"
          + value
          + "'");
    }
    return value;
  }

  public static double share(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw invalid(what + " must be from 0 to 1, got " + value);
    }
    return value;
  }

  /** A probability strictly between 0 and 1. */
  public static double probability(String what, double value) {
    if (!(value > 0 && value < 1)) {
      throw invalid(what + " must be between 0 and 1, got " + value);
    }
    return value;
  }

  public static double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw invalid(what + " must be a finite number, got " + value);
    }
    return value;
  }

  public static double positive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw invalid(what + " must be a positive number, got " + value);
    }
    return value;
  }

  public static long atLeast(String what, long minimum, long value) {
    if (value < minimum) {
      throw invalid(what + " must be at least " + minimum + ", got " + value);
    }
    return value;
  }
}
