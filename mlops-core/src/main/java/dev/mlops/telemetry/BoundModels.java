package dev.mlops.telemetry;

import dev.mlops.serving.ServedModel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * The versions that are counted. Those that serve stay for as long as they do and come first in the
 * array that every call searches by identity; of the others, whose last calls or outcomes may still
 * come, the ones bound or retired last are kept. What falls off is handed over first.
 */
final class BoundModels {
  static final int MAX_IDLE = 64;

  private final Function<ServedModel, BoundModel> create;
  private final List<BoundModel> serving = new ArrayList<>(); // guarded by this
  private final ArrayDeque<BoundModel> idle = new ArrayDeque<>(); // guarded by this
  /** By model, the last version that went before any gauge told it. Guarded by this. */
  private final Map<String, BoundModel> untold = new HashMap<>();

  private volatile BoundModel[] all = {};
  private volatile @Nullable BoundModel droppedLast;

  BoundModels(Function<ServedModel, BoundModel> create) {
    this.create = create;
  }

  /** Returns what counts for a version, which is bound if it is not yet. */
  BoundModel of(ServedModel model) {
    for (BoundModel candidate : all) {
      if (candidate.model == model) {
        return candidate;
      }
    }
    return bind(model);
  }

  /** As {@link #of}, for a description made by the caller: an equal one that is bound will do. */
  BoundModel like(ServedModel model) {
    for (BoundModel candidate : all) {
      if (candidate.model == model || candidate.model.equals(model)) {
        return candidate;
      }
    }
    return bind(model);
  }

  private synchronized BoundModel bind(ServedModel model) {
    BoundModel equal = null;
    for (BoundModel candidate : all) {
      if (candidate.model == model) {
        return candidate;
      }
      if (candidate.model.equals(model)) {
        equal = candidate;
      }
    }
    BoundModel to = equal == null ? create.apply(model) : equal.as(model);
    idle.addFirst(to);
    arrange();
    return to;
  }

  synchronized void swapped(ServedModel model) {
    BoundModel to = of(model);
    if (idle.remove(to)) {
      serving.add(to);
      arrange();
    }
  }

  synchronized void retired(ServedModel model) {
    BoundModel to = of(model);
    if (serving.remove(to)) {
      if (!to.told) {
        untold.put(model.model(), to);
      }
      idle.addFirst(to);
      arrange();
    }
  }

  private void arrange() {
    BoundModel dropped = idle.size() > MAX_IDLE ? idle.removeLast() : null;
    var next = new ArrayList<>(serving);
    next.addAll(idle);
    all = next.toArray(BoundModel[]::new);
    if (dropped != null) {
      // A call may still be in flight there: what it leaves is handed over with a later flush.
      flush(droppedLast);
      flush(dropped);
      droppedLast = dropped;
    }
  }

  /**
   * Returns the versions that serve, for gauges. A model that came and went since the last time is
   * among them once: a short-lived process is often asked only when it ends.
   */
  synchronized List<BoundModel> tell() {
    var now = new ArrayList<>(serving);
    serving.forEach(model -> untold.remove(model.model.model()));
    now.addAll(untold.values());
    untold.clear();
    now.forEach(model -> model.told = true);
    return now;
  }

  /** Hands over every duration that is held back. */
  void flush() {
    for (BoundModel model : all) {
      flush(model);
    }
    flush(droppedLast);
  }

  private static void flush(@Nullable BoundModel model) {
    if (model != null) {
      model.durations.flush();
    }
  }
}
