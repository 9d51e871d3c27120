package dev.mlops.abtest.internal.event;

import dev.mlops.abtest.Event;
import dev.mlops.abtest.internal.analysis.OutcomeNames;
import dev.mlops.abtest.internal.analysis.UnitOutcomes;
import dev.mlops.abtest.internal.hash.Murmur3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes events in any order and gives each unit once, with its outcomes. Not thread-safe. */
public final class EventJoiner implements AutoCloseable {
  /** Receives the units. */
  public interface UnitConsumer {
    void unit(int epoch, String variant, UnitOutcomes outcomes);
  }

  private final String experiment;
  private final List<String> variants;
  private final Map<Integer, Map<String, Integer>> weights;
  private final OutcomeNames names;
  private final Partitions partitions = new Partitions();
  private final TreeMap<Integer, Long> epochStart = new TreeMap<>();
  private final UnitJoin.Tally tally = new UnitJoin.Tally();
  private long latest = Long.MIN_VALUE;
  public long exposures;
  public long outcomes;
  public long unrelated;
  public long outOfOrder;

  public EventJoiner(
      String experiment,
      List<String> variants,
      Map<Integer, Map<String, Integer>> weights,
      OutcomeNames names) {
    this.experiment = experiment;
    this.variants = variants;
    this.weights = weights;
    this.names = names;
  }

  public UnitJoin.Tally tally() {
    return tally;
  }

  public void add(Event event) {
    long at = event.at().toEpochMilli();
    outOfOrder += at < latest ? 1 : 0;
    latest = Math.max(latest, at);
    if (event instanceof Event.Exposure e) {
      int variant = variants.indexOf(e.variant());
      if (!e.experiment().equals(experiment) || variant < 0 || !weights.containsKey(e.epoch())) {
        unrelated++;
        return;
      }
      exposures++;
      if (e.analysed()) {
        epochStart.merge(e.epoch(), at, Math::min);
      }
      add(event, at, -e.epoch(), e.analysed() ? variant : -1, 0);
    } else if (event instanceof Event.Outcome o) {
      int outcome = names.indexOf(o.name());
      if (outcome < 0) {
        unrelated++;
        return;
      }
      outcomes++;
      add(event, at, outcome, 0, o.value());
    }
  }

  private void add(Event event, long at, int kind, int variant, double value) {
    partitions.add(new Rec(hash(event.unitId()), hash(event.id()), at, kind, variant, value));
  }

  /** Gives every unit that belongs to a cell; window in milliseconds after the first exposure. */
  public void forEachUnit(long window, UnitConsumer consumer) {
    UnitJoin join = new UnitJoin(names, epochs(), window, tally);
    for (int p = 0; p < Partitions.COUNT; p++) {
      List<Rec> records = partitions.read(p);
      records.sort(Rec.ORDER);
      int from = 0;
      for (int i = 1; i <= records.size(); i++) {
        if (i == records.size() || records.get(i).unit() != records.get(from).unit()) {
          if (join.join(records.subList(from, i))) {
            consumer.unit(join.epoch(), variants.get(join.variant()), join);
          }
          from = i;
        }
      }
    }
  }

  private UnitJoin.Epochs epochs() {
    return new UnitJoin.Epochs() {
      @Override
      public boolean mayMove(int from, int to) {
        return !sameShares(from, to);
      }

      @Override
      public long end(int epoch) {
        long end = Long.MAX_VALUE;
        for (Map.Entry<Integer, Long> later : epochStart.tailMap(epoch, false).entrySet()) {
          if (!sameShares(epoch, later.getKey())) {
            end = Math.min(end, later.getValue());
          }
        }
        return end;
      }
    };
  }

  private boolean sameShares(int one, int other) {
    List<Integer> a = shares(one);
    List<Integer> b = shares(other);
    long totalA = a.stream().mapToLong(Integer::longValue).sum();
    long totalB = b.stream().mapToLong(Integer::longValue).sum();
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i) * totalB != b.get(i) * totalA) {
        return false;
      }
    }
    return true;
  }

  private List<Integer> shares(int epoch) {
    Map<String, Integer> byVariant = weights.getOrDefault(epoch, Map.of());
    List<Integer> shares = new ArrayList<>();
    variants.forEach(v -> shares.add(byVariant.getOrDefault(v, 0)));
    return shares;
  }

  private static long hash(String text) {
    return (long) Murmur3.hash32(text, 0x2f0b4c47) << 32
        | Murmur3.hash32(text, 0x6e5d2c91) & 0xffffffffL;
  }

  @Override
  public void close() {
    partitions.close();
  }
}
