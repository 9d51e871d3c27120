package dev.mlops.drift;

import dev.mlops.drift.DriftReport.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which features drifted in at least k of the last m windows. Guarded by the monitor's lock. */
final class Persistence {
  private final int needed;
  private final int of;
  private final ArrayDeque<boolean[]> recent = new ArrayDeque<>();
  private final boolean[] alerting;

  Persistence(DriftPolicy policy, int features) {
    needed = policy.persistence();
    of = policy.persistenceOf();
    alerting = new boolean[features];
  }

  /** The change that this window makes, or null if it makes none. */
  DriftMonitor.@Nullable Alert add(DriftMonitor.Window window) {
    List<FeatureDrift> features = window.report().features();
    boolean[] drifted = new boolean[alerting.length];
    for (int i = 0; i < drifted.length; i++) {
      drifted[i] = features.get(i).verdict() == Verdict.DRIFT;
    }
    recent.addLast(drifted);
    while (recent.size() > of) {
      recent.removeFirst();
    }
    List<String> started = new ArrayList<>();
    List<String> resolved = new ArrayList<>();
    List<String> drifting = new ArrayList<>();
    for (int i = 0; i < alerting.length; i++) {
      int feature = i;
      boolean now = recent.stream().filter(r -> r[feature]).count() >= needed;
      String name = features.get(i).name();
      if (now) {
        drifting.add(name);
      }
      if (now != alerting[i]) {
        (now ? started : resolved).add(name);
        alerting[i] = now;
      }
    }
    return started.isEmpty() && resolved.isEmpty()
        ? null
        : new DriftMonitor.Alert(started, resolved, drifting, window);
  }

  List<boolean[]> recent() {
    return List.copyOf(recent);
  }

  boolean[] alerting() {
    return alerting.clone();
  }

  void resume(List<boolean[]> windows, boolean[] state) {
    recent.addAll(windows);
    System.arraycopy(state, 0, alerting, 0, alerting.length);
  }
}
