package dev.mlops.benchmarks;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds how often every contender is run at most, each time in a fresh JVM
 * @param warmups warm-up iterations per JVM
 * @param iterations measured iterations per JVM
 * @param iterationMillis length of one iteration
 */
record Plan(int rounds, int warmups, int iterations, long iterationMillis) {
  /** How many rounds a result has that is to be published, unless asked otherwise. */
  static final int ROUNDS = 5;

  private static final int QUICK_WARMUPS = 2;
  private static final int QUICK_ITERATIONS = 3;
  private static final long JVM_START_MILLIS = 1_200;
  private static final long SHORTEST_MILLIS = 60;
  private static final long LONGEST_MILLIS = 500;

  /** The plan of a result that is to be published. */
  static Plan full(int rounds) {
    return new Plan(rounds, 4, 5, 1_000);
  }

  /** The plan of a first look: two rounds show the noise, iterations share the time there is. */
  static Plan quick(int contenders, Duration left) {
    long perJvm = left.toMillis() / (2L * contenders) - JVM_START_MILLIS;
    long iteration = perJvm / (QUICK_WARMUPS + QUICK_ITERATIONS);
    return new Plan(
        2,
        QUICK_WARMUPS,
        QUICK_ITERATIONS,
        Math.max(SHORTEST_MILLIS, Math.min(LONGEST_MILLIS, iteration)));
  }
}
