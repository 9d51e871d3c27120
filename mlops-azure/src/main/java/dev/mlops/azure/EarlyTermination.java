package dev.mlops.azure;

import dev.mlops.error.InvalidInputException;

/**
 * When a sweep stops a trial that does badly. Every rule looks at each
 * {@code evaluationInterval}-th report of the metric, after {@code delayEvaluation} reports.
 * Immutable.
 */
public sealed interface EarlyTermination {
  /**
   * How often the rule looks.
   *
   * @return in reports of the metric, from 1
   */
  int evaluationInterval();

  /**
   * How long the rule waits first.
   *
   * @return in reports of the metric, from 0
   */
  int delayEvaluation();

  /**
   * Stops a trial whose metric is worse than the best trial's by more than a ratio.
   *
   * @param slackFactor the ratio, above 0
   * @param evaluationInterval how often to look
   * @param delayEvaluation how long to wait first
   */
  record BanditFactor(double slackFactor, int evaluationInterval, int delayEvaluation)
      implements EarlyTermination {
    /** Checks the numbers. */
    public BanditFactor {
      positive("slackFactor", slackFactor);
      intervals(evaluationInterval, delayEvaluation);
    }
  }

  /**
   * Stops a trial whose metric is worse than the best trial's by more than an amount.
   *
   * @param slackAmount the amount, in units of the metric, above 0
   * @param evaluationInterval how often to look
   * @param delayEvaluation how long to wait first
   */
  record BanditAmount(double slackAmount, int evaluationInterval, int delayEvaluation)
      implements EarlyTermination {
    /** Checks the numbers. */
    public BanditAmount {
      positive("slackAmount", slackAmount);
      intervals(evaluationInterval, delayEvaluation);
    }
  }

  /**
   * Stops a trial whose best metric is worse than the median of all trials' running averages.
   *
   * @param evaluationInterval how often to look
   * @param delayEvaluation how long to wait first
   */
  record MedianStopping(int evaluationInterval, int delayEvaluation) implements EarlyTermination {
    /** Checks the numbers. */
    public MedianStopping {
      intervals(evaluationInterval, delayEvaluation);
    }
  }

  /**
   * Stops the worst share of the trials.
   *
   * @param truncationPercentage the share, from 1 to 99
   * @param evaluationInterval how often to look
   * @param delayEvaluation how long to wait first
   */
  record Truncation(int truncationPercentage, int evaluationInterval, int delayEvaluation)
      implements EarlyTermination {
    /** Checks the numbers. */
    public Truncation {
      if (truncationPercentage < 1 || truncationPercentage > 99) {
        throw new InvalidInputException(
            "truncationPercentage must be from 1 to 99, got " + truncationPercentage);
      }
      intervals(evaluationInterval, delayEvaluation);
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidInputException(name + " must be above 0 and finite, got " + value);
    }
  }

  private static void intervals(int evaluationInterval, int delayEvaluation) {
    if (evaluationInterval < 1) {
      throw new InvalidInputException("evaluationInterval must be >= 1, got " + evaluationInterval);
    }
    if (delayEvaluation < 0) {
      throw new InvalidInputException("delayEvaluation must be >= 0, got " + delayEvaluation);
    }
  }
}
