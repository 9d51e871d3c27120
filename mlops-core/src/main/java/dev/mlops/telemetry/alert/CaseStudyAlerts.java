package dev.mlops.telemetry.alert;

import dev.mlops.telemetry.alert.AlertRule.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The rules of the case studies, ready to use; change one with {@link AlertRule}'s own methods.
 * Stateless. Safe for use by several threads.
 */
public final class CaseStudyAlerts {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final double OBJECTIVE = 0.99;

  private CaseStudyAlerts() {}

  /**
   * Returns seven rules: error rate above 5 % over 5 minutes; P95 above 2 s; availability below 99
   * % over an hour; accuracy more than 5 % below the registered one over a day; prediction mix
   * shifted by more than 10 % over an hour; and the error budget of 99 % burning fast and slowly.
   *
   * @param registeredAccuracy the accuracy with which the version was registered, above 0
   * @param referenceMix the share of each class that is expected, summing to 1
   * @return the rules
   */
  public static List<AlertRule> rules(double registeredAccuracy, Map<String, Double> referenceMix) {
    return List.of(
        AlertRule.of("HighErrorRate", new ErrorRate(0.05, FIVE_MINUTES))
            .holdFor(FIVE_MINUTES)
            .keepFiringFor(Duration.ofMinutes(3))
            .severity(Severity.CRITICAL)
            .summary("More than 5 % of the predictions fail"),
        AlertRule.of("HighLatency", new LatencyQuantile(0.95, Duration.ofSeconds(2), FIVE_MINUTES))
            .holdFor(Duration.ofMinutes(2))
            .keepFiringFor(Duration.ofMinutes(3))
            .summary("The 95th percentile of the latency is above 2 s"),
        AlertRule.of("LowAvailability", new Availability(OBJECTIVE, HOUR))
            .holdFor(FIVE_MINUTES)
            .keepFiringFor(FIVE_MINUTES)
            .severity(Severity.CRITICAL)
            .summary("Less than 99 % of the predictions are answered"),
        AlertRule.of("AccuracyDrop", new AccuracyDrop(registeredAccuracy, 0.05, Duration.ofDays(1)))
            .keepFiringFor(HOUR)
            .summary("The accuracy is more than 5 % below the registered one"),
        AlertRule.of("PredictionMixShift", new PredictionMixShift(referenceMix, 0.1, 1000, HOUR))
            .holdFor(Duration.ofMinutes(15))
            .keepFiringFor(Duration.ofMinutes(15))
            .summary("The classes are predicted in other proportions than expected"),
        AlertRule.of("ErrorBudgetBurnsFast", BurnRate.page(OBJECTIVE))
            .keepFiringFor(FIVE_MINUTES)
            .severity(Severity.CRITICAL)
            .summary("The error budget of 99 % will be gone within days"),
        AlertRule.of("ErrorBudgetBurnsSlowly", BurnRate.ticket(OBJECTIVE))
            .keepFiringFor(HOUR)
            .summary("The error budget of 99 % will not last the month"));
  }
}
