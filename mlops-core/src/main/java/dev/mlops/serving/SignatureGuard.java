package dev.mlops.serving;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a policy to rows. A row in order costs two comparisons per value and nothing else. Safe
 * for use by several threads.
 */
final class SignatureGuard {
  private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);

  private final Schema schema;
  private final SignaturePolicy policy;
  private final double[] least;
  private final double[] most;
  private final double[] defaults;
  private final int[] categorical;
  private final Map<SignatureProblem, LongAdder> counts = new EnumMap<>(SignatureProblem.class);
  private final Map<String, Boolean> warned = new ConcurrentHashMap<>();

  SignatureGuard(Schema schema, SignaturePolicy policy) {
    this.schema = schema;
    this.policy = policy;
    int width = schema.width();
    this.least = new double[width];
    this.most = new double[width];
    this.defaults = new double[width];
    Arrays.fill(least, -Double.MAX_VALUE);
    Arrays.fill(most, Double.MAX_VALUE);
    Arrays.fill(defaults, Double.NaN);
    policy.ranges().forEach((name, range) -> {
      int i = require(name);
      if (schema.features().get(i) instanceof Feature.Categorical) {
        throw new InvalidInputException(
            "a range needs a numeric feature, but '" + name + "' is categorical");
      }
      least[i] = range.least();
      most[i] = range.most();
    });
    for (int i = 0; i < width; i++) {
      if (schema.features().get(i) instanceof Feature.Categorical feature) {
        least[i] = 0;
        most[i] = feature.categories().size() - 1.0;
      }
    }
    policy.defaults().forEach((name, value) -> defaults[require(name)] = value);
    policy.defaults().keySet().forEach(name -> requireDefault(require(name), name));
    this.categorical = java.util.stream.IntStream.range(0, width)
        .filter(i -> schema.features().get(i) instanceof Feature.Categorical)
        .toArray();
    for (SignatureProblem problem : SignatureProblem.values()) {
      counts.put(problem, new LongAdder());
    }
  }

  private void requireDefault(int i, String name) {
    if (problem(i, defaults[i]) != null) {
      throw new InvalidInputException("what is imputed for feature '" + name + "' must be "
          + (schema.features().get(i) instanceof Feature.Categorical
              ? "the index of one of its " + (int) (most[i] + 1) + " categories"
              : least[i] + " to " + most[i])
          + ", got " + defaults[i]);
    }
  }

  private int require(String name) {
    for (int i = 0; i < schema.width(); i++) {
      if (schema.features().get(i).name().equals(name)) {
        return i;
      }
    }
    throw new InvalidInputException("the policy names feature '" + name
        + "', which the model does not have; features are "
        + schema.features().stream().map(Feature::name).toList());
  }

  /** Returns the row itself if nothing had to be replaced, else a copy. */
  double[] check(double[] row) {
    if (row.length != least.length) {
      throw new InvalidInputException("a row needs " + least.length + " values, got " + row.length);
    }
    boolean good = true;
    for (int i = 0; i < row.length; i++) {
      double value = row[i];
      good &= value >= least[i] & value <= most[i];
    }
    for (int i : categorical) {
      good &= row[i] == Math.rint(row[i]);
    }
    return good ? row : repair(row);
  }

  private double[] repair(double[] row) {
    double[] repaired = row;
    for (int i = 0; i < row.length; i++) {
      double value = row[i];
      SignatureProblem problem = problem(i, value);
      if (problem != null && decide(problem, i, value) == SignatureAction.IMPUTE) {
        if (repaired == row) {
          repaired = row.clone();
        }
        repaired[i] = defaults[i];
        if (Double.isNaN(defaults[i]) && problem != SignatureProblem.MISSING) {
          decide(SignatureProblem.MISSING, i, Double.NaN); // from here on it is a missing value
        }
      }
    }
    return repaired;
  }

  private @org.jspecify.annotations.Nullable SignatureProblem problem(int i, double value) {
    if (Double.isNaN(value)) {
      return SignatureProblem.MISSING;
    }
    if (value >= least[i]
        && value <= most[i]
        && (value == Math.rint(value) || schema.features().get(i) instanceof Feature.Numeric)) {
      return null;
    }
    return schema.features().get(i) instanceof Feature.Categorical
        ? SignatureProblem.UNKNOWN_CATEGORY
        : SignatureProblem.OUT_OF_RANGE;
  }

  private SignatureAction decide(SignatureProblem problem, int i, double value) {
    String name = schema.features().get(i).name();
    return decide(problem, name, () -> switch (problem) {
      case MISSING -> "feature '" + name + "' is missing";
      case UNKNOWN_CATEGORY ->
        "feature '" + name + "' must be the index of one of its " + (int) (most[i] + 1)
            + " categories, got " + value;
      default -> "feature '" + name + "' must be " + least[i] + " to " + most[i] + ", got " + value;
    });
  }

  /** Counts a problem and returns what to do about it, unless that is to throw. */
  SignatureAction decide(
      SignatureProblem problem, String feature, java.util.function.Supplier<String> message) {
    SignatureAction action = policy.action(problem);
    java.util.Objects.requireNonNull(counts.get(problem)).increment();
    if (action == SignatureAction.REJECT) {
      throw new SignatureException(problem, feature, message.get());
    }
    if (action == SignatureAction.WARN) {
      // The name of an extra value is the caller's: it may be anything, and there may be any
      // number.
      String where = problem == SignatureProblem.EXTRA ? "" : " in feature '" + feature + "'";
      if (warned.putIfAbsent(problem + where, true) == null) {
        LOG.warn("Rows differ from the signature: {}{}; logged once", problem, where);
      }
    }
    return action;
  }

  Map<SignatureProblem, Long> counts() {
    var sums = new EnumMap<SignatureProblem, Long>(SignatureProblem.class);
    counts.forEach((problem, count) -> sums.put(problem, count.sum()));
    return sums;
  }
}
