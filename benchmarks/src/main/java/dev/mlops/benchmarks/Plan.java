package dev.mlops.benchmarks;

/**
 * How long to measure.
 *
 * @param rounds how often every contender is run, each time in a fresh JVM
 * @param warmups warm-up iterations per JVM
 * @param iterations measured iterations per JVM
 * @param iterationMillis length of one iteration
 */
record Plan(int rounds, int warmups, int iterations, long iterationMillis) {
  private static final long QUICK_BUDGET_MILLIS = 95_000;
  private static final long JVM_START_MILLIS = 1_000;

  static Plan of(boolean quick, int contenders) {
    if (!quick) {
      return new Plan(5, 4, 5, 1_000);
    }
    // Two rounds show the noise; the iterations share what is left of the budget.
    long perJvm = QUICK_BUDGET_MILLIS / (2L * contenders) - JVM_START_MILLIS;
    return new Plan(2, 2, 3, Math.max(50, Math.min(500, perJvm / 5)));
  }
}
