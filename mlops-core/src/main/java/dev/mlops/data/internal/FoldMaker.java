package dev.mlops.data.internal;

import dev.mlops.data.Fold;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The divisions of {@link dev.mlops.data.Folds}. The deterministic ones follow scikit-learn 1.2.1
 * ({@code model_selection/_split.py}) so that they give the same rows.
 */
public final class FoldMaker {
  private FoldMaker() {}

  public static List<Fold> shuffled(Table table, int k, long seed) {
    requireFolds(k, table.size(), "rows");
    int[] rows = IntStream.range(0, table.size()).toArray();
    Shuffle.inPlace(rows, Shuffle.random(seed));
    int[] foldOf = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      foldOf[rows[i]] = i % k;
    }
    return folds(foldOf, k);
  }

  public static List<Fold> stratified(Table table, int k) {
    return stratified(table, k, (Random) null);
  }

  public static List<Fold> stratified(Table table, int k, long seed) {
    return stratified(table, k, Shuffle.random(seed));
  }

  /*
   * The sorted labels are dealt to the folds in turn, which says how many rows of each class every
   * fold tests; then the rows of a class fill these places in order, or shuffled. Classes are
   * numbered by first appearance.
   */
  private static List<Fold> stratified(Table table, int k, @Nullable Random random) {
    if (!(table.schema().target() instanceof Target.Classes target)) {
      throw new InvalidInputException("stratified folds need classes, label '"
          + table.schema().target().name()
          + "' is a quantity; use shuffled folds");
    }
    requireFolds(k, table.size(), "rows");
    Map<Integer, List<Integer>> rowsOf = new LinkedHashMap<>();
    for (int i = 0; i < table.size(); i++) {
      rowsOf.computeIfAbsent((int) table.target(i), c -> new ArrayList<>()).add(i);
    }
    int[] foldOf = new int[table.size()];
    int dealt = 0;
    for (var entry : rowsOf.entrySet()) {
      int count = entry.getValue().size();
      if (count < k) {
        throw new InvalidInputException(
            "class '%s' has %d rows, %d stratified folds need at least %d"
                .formatted(target.classes().get(entry.getKey()), count, k, k));
      }
      int[] places = new int[k];
      for (int i = 0; i < count; i++) {
        places[(dealt + i) % k]++;
      }
      dealt += count;
      int[] folds = new int[count];
      int at = 0;
      for (int f = 0; f < k; f++) {
        Arrays.fill(folds, at, at + places[f], f);
        at += places[f];
      }
      if (random != null) {
        Shuffle.inPlace(folds, random);
      }
      for (int i = 0; i < count; i++) {
        foldOf[entry.getValue().get(i)] = folds[i];
      }
    }
    return folds(foldOf, k);
  }

  public static List<Fold> grouped(Table table, int k, String column) {
    String[] groups = table.texts(column);
    Map<String, Integer> sizes = new HashMap<>();
    for (String group : groups) {
      sizes.merge(group, 1, Integer::sum);
    }
    requireFolds(k, sizes.size(), "groups in '" + column + "'");
    // scikit-learn sorts by size with the last of equal groups first
    List<String> order = new ArrayList<>(new TreeSet<>(sizes.keySet()).descendingSet());
    order.sort(Comparator.comparing((String g) -> sizes.getOrDefault(g, 0)).reversed());
    int[] load = new int[k];
    Map<String, Integer> foldOfGroup = new HashMap<>();
    for (String group : order) {
      int lightest = 0;
      for (int f = 1; f < k; f++) {
        if (load[f] < load[lightest]) {
          lightest = f;
        }
      }
      load[lightest] += sizes.getOrDefault(group, 0);
      foldOfGroup.put(group, lightest);
    }
    return folds(
        Arrays.stream(groups).mapToInt(g -> foldOfGroup.getOrDefault(g, 0)).toArray(), k);
  }

  public static List<Fold> timeOrdered(Table table, int k, String column) {
    requireFolds(k + 1, table.size(), "rows");
    int[] rows = new TimeOrder(table, column).rows();
    int part = rows.length / (k + 1);
    List<Fold> folds = new ArrayList<>();
    for (int f = 0; f < k; f++) {
      int cut = rows.length - (k - f) * part;
      folds.add(
          new Fold(Arrays.copyOfRange(rows, 0, cut), Arrays.copyOfRange(rows, cut, cut + part)));
    }
    return List.copyOf(folds);
  }

  private static void requireFolds(int k, int available, String what) {
    if (k < 2 || k > available) {
      throw new InvalidInputException("the number of folds must be from 2 to " + available
          + ", the number of " + what + ", got " + k);
    }
  }

  private static List<Fold> folds(int[] foldOf, int k) {
    return IntStream.range(0, k)
        .mapToObj(f -> new Fold(
            IntStream.range(0, foldOf.length).filter(i -> foldOf[i] != f).toArray(),
            IntStream.range(0, foldOf.length).filter(i -> foldOf[i] == f).toArray()))
        .toList();
  }
}
