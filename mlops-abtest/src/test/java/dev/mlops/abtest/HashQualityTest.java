package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 50 experiments over 200,000 units: uniform splits, independent pairs, few moves. */
class HashQualityTest {
  private static final int UNITS = 200_000;
  private static final int EXPERIMENTS = 50;

  enum Ids {
    SEQUENTIAL(i -> Integer.toString(i)),
    UUID(i -> {
      Random random = new Random(i);
      return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }),
    EMAIL(i -> "user" + i + "@example.com");

    private final IntFunction<String> id;

    Ids(IntFunction<String> id) {
      this.id = id;
    }
  }

  @ParameterizedTest
  @EnumSource(Ids.class)
  void splits_areUniformAndIndependent(Ids ids) {
    String[] units = IntStream.range(0, UNITS).mapToObj(ids.id).toArray(String[]::new);
    BitSet[] treated = new BitSet[EXPERIMENTS];
    for (int e = 0; e < EXPERIMENTS; e++) {
      Assigner assigner = Assigner.of(
          Experiment.builder("exp-" + e).control("a", 1).variant("b", 1).build());
      treated[e] = new BitSet(UNITS);
      for (int i = 0; i < UNITS; i++) {
        treated[e].set(i, assigner.assign(units[i]).variantOr("").equals("b"));
      }
      // Binomial limits at p = 1e-6 each.
      double z = (treated[e].cardinality() - UNITS / 2.0) / Math.sqrt(UNITS / 4.0);
      assertThat(Math.abs(z)).as("split of experiment %s", e).isLessThan(4.9);
    }
    int dependent = 0;
    for (int a = 0; a < EXPERIMENTS; a++) {
      for (int b = 0; b < a; b++) {
        BitSet both = (BitSet) treated[a].clone();
        both.and(treated[b]);
        double pa = treated[a].cardinality() / (double) UNITS;
        double pb = treated[b].cardinality() / (double) UNITS;
        double phi = (both.cardinality() / (double) UNITS - pa * pb)
            / Math.sqrt(pa * (1 - pa) * pb * (1 - pb));
        dependent += Math.abs(phi) * Math.sqrt(UNITS) > 3.290527 ? 1 : 0;
      }
    }
    // 1,225 pairs at p < 0.001: 1.2 expected, more than 6 has probability 4e-4.
    assertThat(dependent).isLessThanOrEqualTo(6);
  }

  @Test
  void trafficAndVariant_areIndependent() {
    Assigner assigner = Assigner.of(
        Experiment.builder("e").control("a", 1).variant("b", 1).traffic(0.1).build());
    long in = 0;
    long treated = 0;
    for (int i = 0; i < UNITS; i++) {
      Assignment assignment = assigner.assign("user-" + i);
      in += assignment.inExperiment() ? 1 : 0;
      treated += assignment.variantOr("").equals("b") ? 1 : 0;
    }
    assertThat(Math.abs(treated - in / 2.0) / Math.sqrt(in / 4.0)).isLessThan(4.9);
  }

  @Test
  void stableWeights_moveTheMinimum() {
    moves(Map.of("a", 100, "b", 100, "c", 100), Map.of("a", 200, "b", 100, "c", 100));
    moves(Map.of("a", 25, "b", 25, "c", 25, "d", 25), Map.of("a", 10, "b", 30, "c", 30, "d", 30));
    moves(Map.of("a", 95, "b", 5), Map.of("a", 50, "b", 50));
    moves(Map.of("a", 1, "b", 1, "c", 0), Map.of("a", 4, "b", 4, "c", 2));
  }

  private static void moves(Map<String, Integer> from, Map<String, Integer> to) {
    Experiment.Builder builder = Experiment.builder("e").stableWeights();
    new LinkedHashMap<>(from).forEach((v, w) -> {
      if (v.equals("a")) {
        builder.control(v, w);
      } else {
        builder.variant(v, w);
      }
    });
    Experiment before = builder.build();
    Assigner one = Assigner.of(before);
    Assigner two = Assigner.of(before.reweigh(to));
    int moved = 0;
    for (int i = 0; i < UNITS; i++) {
      moved += one.assign("u" + i) != null && !same(one, two, "u" + i) ? 1 : 0;
    }
    double totalFrom = from.values().stream().mapToInt(Integer::intValue).sum();
    double totalTo = to.values().stream().mapToInt(Integer::intValue).sum();
    double minimum = from.keySet().stream()
            .mapToDouble(v ->
                Math.abs(from.getOrDefault(v, 0) / totalFrom - to.getOrDefault(v, 0) / totalTo))
            .sum()
        / 2;
    assertThat(moved / (double) UNITS).as("%s to %s", from, to).isBetween(0.0, minimum + 0.01);
  }

  private static boolean same(Assigner one, Assigner two, String unit) {
    return one.assign(unit).variant().equals(two.assign(unit).variant());
  }
}
