package dev.mlops.abtest.internal.report;

import dev.mlops.abtest.Health;

/** Units per variant as bars, with a mark where the plan expects them. */
final class RatioChart {
  private static final int WIDTH = 980;
  private static final int LEFT = 230;
  private static final int RIGHT = 190;
  private static final int ROW = 34;

  private RatioChart() {}

  static String of(Health health) {
    double most = 1;
    for (Health.Arm arm : health.arms()) {
      most = Math.max(most, Math.max(arm.units(), arm.expected()));
    }
    Svg svg = new Svg(WIDTH, ROW * health.arms().size() + 6, "Units per variant against the plan");
    boolean broken = health.refusal().isPresent();
    for (int i = 0; i < health.arms().size(); i++) {
      Health.Arm arm = health.arms().get(i);
      double y = 4 + i * ROW;
      double scale = (WIDTH - LEFT - RIGHT) / most;
      svg.text(0, y + 18, "start", arm.variant());
      svg.rect(LEFT, y + 5, arm.units() * scale, 18, broken ? "#e9a19b" : "#b9cfe8");
      double expected = LEFT + arm.expected() * scale;
      svg.line(expected, y, expected, y + 28, "#1c2430", 2, "");
      String share = arm.expected() == 0
          ? ""
          : " (%s of plan)".formatted(Numbers.percent(arm.units() / arm.expected() - 1));
      svg.text(WIDTH - RIGHT + 14, y + 18, "start", Numbers.count(arm.units()) + share);
    }
    return svg.toString();
  }
}
