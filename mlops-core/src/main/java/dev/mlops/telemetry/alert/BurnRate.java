package dev.mlops.telemetry.alert;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.PredictionWindow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The error budget of a service level objective is burning too fast, by the multi-window method of
 * the Site Reliability Workbook, chapter 5: for any of the windows, the error rate over both the
 * long and the short one exceeds {@code factor · (1 - objective)}, with {@code factor = share of
 * the budget · period / long window}. The long window keeps it from flapping, the short one ends it
 * soon after the errors end. Immutable.
 *
 * <p>The measured value is the error rate as a multiple of the threshold, of the window that is
 * worst off; the threshold is 1.
 *
 * @param objective the share of calls that must be answered over the period, such as 0.999
 * @param period the period of the objective, whole days
 * @param windows the pairs of windows, at least one, copied
 */
public record BurnRate(double objective, Duration period, List<Window> windows)
    implements Condition {

  private static final Duration MONTH = Duration.ofDays(30);

  /** Windows that call for a person now: 2 % of the budget in 1 h, or 5 % in 6 h. */
  public static final List<Window> PAGE = List.of(
      new Window(Duration.ofHours(1), Duration.ofMinutes(5), 2),
      new Window(Duration.ofHours(6), Duration.ofMinutes(30), 5));

  /** Windows that call for work in the next days: 10 % of the budget in 1 d, or in 3 d. */
  public static final List<Window> TICKET = List.of(
      new Window(Duration.ofHours(24), Duration.ofHours(2), 10),
      new Window(Duration.ofHours(72), Duration.ofHours(6), 10));

  /**
   * A pair of windows. Immutable.
   *
   * @param longWindow how far to look back, whole hours
   * @param shortWindow how far to look back for whether it still goes on
   * @param budgetPercent how much of the budget may be gone after the long window, in percent
   */
  public record Window(Duration longWindow, Duration shortWindow, double budgetPercent) {
    /** Creates a pair of windows. */
    public Window {
      Checks.window(longWindow);
      Checks.window(shortWindow, longWindow);
      if (longWindow.toMillis() % Duration.ofHours(1).toMillis() != 0) {
        throw new InvalidInputException("longWindow must be whole hours, got " + longWindow);
      }
      if (!(budgetPercent > 0 && budgetPercent <= 100)) {
        throw new InvalidInputException("budgetPercent must be in (0, 100], got " + budgetPercent);
      }
    }

    /**
     * Returns how many times faster than allowed the budget burns at the limit.
     *
     * @param period the period of the objective
     * @return the factor, such as 14.4 for 2 % in 1 h of 30 d
     */
    public double factor(Duration period) {
      return budgetPercent / 100 * period.toDays() * 24 / longWindow.toHours();
    }
  }

  /** Creates the condition. */
  public BurnRate {
    if (!(objective > 0 && objective < 1)) {
      throw new InvalidInputException("an objective must be in (0, 1), got " + objective);
    }
    if (period.toDays() < 1 || !period.equals(Duration.ofDays(period.toDays()))) {
      throw new InvalidInputException("period must be whole days, got " + period);
    }
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new InvalidInputException("a burn rate needs at least one pair of windows, got none");
    }
  }

  /**
   * Creates the condition that calls for a person now, over 30 days.
   *
   * @param objective the share of calls that must be answered
   * @return the condition
   */
  public static BurnRate page(double objective) {
    return new BurnRate(objective, MONTH, PAGE);
  }

  /**
   * Creates the condition that calls for work in the next days, over 30 days.
   *
   * @param objective the share of calls that must be answered
   * @return the condition
   */
  public static BurnRate ticket(double objective) {
    return new BurnRate(objective, MONTH, TICKET);
  }

  private double threshold(Window window) {
    return window.factor(period) * (1 - objective);
  }

  @Override
  public Optional<Measurement> measure(PredictionWindow recent) {
    double worst = Double.NEGATIVE_INFINITY;
    boolean breached = false;
    for (Window window : windows) {
      OptionalDouble longer = recent.counts(window.longWindow()).errorRate();
      OptionalDouble shorter = recent.counts(window.shortWindow()).errorRate();
      if (longer.isPresent() && shorter.isPresent()) {
        double least = Math.min(longer.getAsDouble(), shorter.getAsDouble());
        worst = Math.max(worst, least / threshold(window));
        breached |= least > threshold(window);
      }
    }
    return worst == Double.NEGATIVE_INFINITY
        ? Optional.empty()
        : Optional.of(new Measurement(worst, 1, breached));
  }

  @Override
  public String promQl(String model) {
    return windows.stream()
        .map(window -> {
          String limit = PromQl.number(threshold(window));
          return "(%s > %s and %s > %s)"
              .formatted(
                  PromQl.errorRate(model, window.longWindow()),
                  limit,
                  PromQl.errorRate(model, window.shortWindow()),
                  limit);
        })
        .collect(Collectors.joining(" or "));
  }
}
