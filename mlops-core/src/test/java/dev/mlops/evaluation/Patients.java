package dev.mlops.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The aSAH data of Turck et al. (Intensive Care Medicine 36, 2010, 107-115) as distributed with the
 * R package pROC: 113 patients, 41 with a poor outcome, and three markers.
 */
public final class Patients {
  private Patients() {}

  /** Which patients had a poor outcome. */
  public static boolean[] poor() {
    double[] column = column(0);
    boolean[] poor = new boolean[column.length];
    for (int i = 0; i < poor.length; i++) {
      poor[i] = column[i] == 1;
    }
    return poor;
  }

  /** The outcome as labels, 1 for poor. */
  public static double[] labels() {
    return column(0);
  }

  public static double[] wfns() {
    return column(1);
  }

  public static double[] s100b() {
    return column(2);
  }

  public static double[] ndka() {
    return column(3);
  }

  private static double[] column(int index) {
    try (var in = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(Patients.class.getResourceAsStream("asah.csv")),
        StandardCharsets.UTF_8))) {
      List<String> lines = in.lines().skip(1).toList();
      return lines.stream()
          .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[index]))
          .toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
