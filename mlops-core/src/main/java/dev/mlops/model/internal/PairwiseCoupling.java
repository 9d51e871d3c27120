package dev.mlops.model.internal;

/**
 * Class probabilities from the probabilities of pairs: the second method of Wu, Lin and Weng,
 * "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5 (2004), in
 * LIBSVM's order of operations. Works in a borrowed array: pair probabilities r, then the matrix Q,
 * then the result p, then Qp.
 */
final class PairwiseCoupling {
  private PairwiseCoupling() {}

  static void couple(int k, double[] w, int r) {
    int q = r + k * k;
    int p = q + k * k;
    int qp = p + k;
    double tolerance = 0.005 / k;
    for (int t = 0; t < k; t++) {
      w[p + t] = 1.0 / k;
      double diagonal = 0;
      for (int j = 0; j < k; j++) {
        if (j != t) {
          diagonal += w[r + j * k + t] * w[r + j * k + t];
          w[q + t * k + j] = j < t ? w[q + j * k + t] : -w[r + j * k + t] * w[r + t * k + j];
        }
      }
      w[q + t * k + t] = diagonal;
    }
    int rounds = Math.max(100, k);
    for (int round = 0; round < rounds && !improve(k, w, q, p, qp, tolerance); round++) {}
  }

  /** One round over all classes; true if the estimate was good enough before it. */
  private static boolean improve(int k, double[] w, int q, int p, int qp, double tolerance) {
    double pqp = 0;
    for (int t = 0; t < k; t++) {
      double sum = 0;
      for (int j = 0; j < k; j++) {
        sum += w[q + t * k + j] * w[p + j];
      }
      w[qp + t] = sum;
      pqp += w[p + t] * sum;
    }
    double error = 0;
    for (int t = 0; t < k; t++) {
      double gap = Math.abs(w[qp + t] - pqp);
      if (gap > error) {
        error = gap;
      }
    }
    if (error < tolerance) {
      return true;
    }
    for (int t = 0; t < k; t++) {
      double qtt = w[q + t * k + t];
      double diff = (-w[qp + t] + pqp) / qtt;
      w[p + t] += diff;
      pqp = (pqp + diff * (diff * qtt + 2 * w[qp + t])) / (1 + diff) / (1 + diff);
      for (int j = 0; j < k; j++) {
        w[qp + j] = (w[qp + j] + diff * w[q + t * k + j]) / (1 + diff);
        w[p + j] /= (1 + diff);
      }
    }
    return false;
  }
}
