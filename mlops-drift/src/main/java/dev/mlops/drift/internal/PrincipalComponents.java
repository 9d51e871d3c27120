package dev.mlops.drift.internal;

import java.util.Arrays;
import java.util.Comparator;

/** Principal components of standardised columns, by Jacobi rotations of the covariance matrix. */
public final class PrincipalComponents {
  private static final int MAX_SWEEPS = 60;

  private final Scale scale;
  private final double[][] components;

  private PrincipalComponents(Scale scale, double[][] components) {
    this.scale = scale;
    this.components = components;
  }

  /** Mean and standard deviation per column; a constant column is left unscaled. */
  public record Scale(double[] mean, double[] deviation) {
    public static Scale of(double[][] rows) {
      int width = rows[0].length;
      double[] mean = new double[width];
      double[] deviation = new double[width];
      for (int c = 0; c < width; c++) {
        for (double[] row : rows) {
          mean[c] += row[c] / rows.length;
        }
        for (double[] row : rows) {
          deviation[c] += (row[c] - mean[c]) * (row[c] - mean[c]) / rows.length;
        }
        deviation[c] = deviation[c] > 0 ? Math.sqrt(deviation[c]) : 1;
      }
      return new Scale(mean, deviation);
    }

    public double[][] apply(double[][] rows) {
      double[][] result = new double[rows.length][mean.length];
      for (int i = 0; i < rows.length; i++) {
        for (int c = 0; c < mean.length; c++) {
          result[i][c] = (rows[i][c] - mean[c]) / deviation[c];
        }
      }
      return result;
    }
  }

  public static PrincipalComponents fit(double[][] rows, double explainedVariance) {
    Scale scale = Scale.of(rows);
    double[][] z = scale.apply(rows);
    int width = rows[0].length;
    double[][] a = new double[width][width];
    for (double[] row : z) {
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          a[i][j] += row[i] * row[j] / rows.length;
        }
      }
    }
    double[][] v = new double[width][width];
    for (int i = 0; i < width; i++) {
      v[i][i] = 1;
    }
    jacobi(a, v);
    Integer[] order = new Integer[width];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -a[i][i]));
    double all = 0;
    for (int i = 0; i < width; i++) {
      all += a[i][i];
    }
    int keep = 0;
    double kept = 0;
    while (keep < width && (keep == 0 || kept < explainedVariance * all)) {
      kept += a[order[keep]][order[keep]];
      keep++;
    }
    double[][] components = new double[keep][width];
    for (int k = 0; k < keep; k++) {
      for (int i = 0; i < width; i++) {
        components[k][i] = v[i][order[k]];
      }
    }
    return new PrincipalComponents(scale, components);
  }

  private static void jacobi(double[][] a, double[][] v) {
    int n = a.length;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      double off = 0;
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          off += a[i][j] * a[i][j];
        }
      }
      if (off < 1e-22) {
        return;
      }
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, v, p, q);
          }
        }
      }
    }
  }

  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < a.length; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = v[k][p];
      double vq = v[k][q];
      v[k][p] = c * vp - s * vq;
      v[k][q] = s * vp + c * vq;
    }
  }

  public int count() {
    return components.length;
  }

  /** Euclidean distance of each standardised row from its projection. */
  public double[] errors(double[][] rows) {
    double[][] z = scale.apply(rows);
    double[] errors = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double[] rest = z[i].clone();
      for (double[] component : components) {
        double projection = 0;
        for (int c = 0; c < component.length; c++) {
          projection += z[i][c] * component[c];
        }
        for (int c = 0; c < component.length; c++) {
          rest[c] -= projection * component[c];
        }
      }
      double sum = 0;
      for (double r : rest) {
        sum += r * r;
      }
      errors[i] = Math.sqrt(sum);
    }
    return errors;
  }
}
