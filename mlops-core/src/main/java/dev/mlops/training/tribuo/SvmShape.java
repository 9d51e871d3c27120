package dev.mlops.training.tribuo;

import dev.mlops.error.CorruptException;
import org.tribuo.common.libsvm.protos.SVMModelProto;
import org.tribuo.common.libsvm.protos.SVMNodeArrayProto;

/*
 * LIBSVM allocates by the counts that a model states: a table of classes by classes for each row
 * that is predicted. So every count must be that of numbers which are there.
 */

/** Lets only such LIBSVM models through whose counts agree with each other. */
final class SvmShape {
  private static final int FIRST_REGRESSION = 2; // one class, epsilon SVR, nu SVR

  private SvmShape() {}

  static void requireSound(SVMModelProto svm, String place) {
    boolean classes = svm.getParam().getSvmType() < FIRST_REGRESSION;
    int vectors = svm.getSVCount();
    long functions = classes ? svm.getNrClass() - 1L : 1;
    long pairs = classes ? svm.getNrClass() * functions / 2 : 1;
    require(!classes || svm.getNrClass() == svm.getLabelCount(), "classes", place);
    require(!classes || svm.getNrClass() == svm.getNSVCount(), "classes with vectors", place);
    require(!classes || sum(svm.getNSVList()) == vectors, "vectors of the classes", place);
    require(svm.getL() == vectors, "vectors", place);
    require(svm.getSvCoefLengthsCount() == functions, "functions", place);
    require(
        svm.getSvCoefLengthsList().stream().allMatch(length -> length == vectors),
        "coefficients of a function",
        place);
    require(svm.getSvCoefCount() == functions * vectors, "coefficients", place);
    require(svm.getRhoCount() == pairs, "offsets", place);
    require(svm.getProbACount() == 0 || svm.getProbACount() == pairs, "slopes", place);
    require(
        svm.getProbBCount() == 0 || svm.getProbBCount() == svm.getProbACount(),
        "intercepts",
        place);
    for (SVMNodeArrayProto vector : svm.getSVList()) {
      require(vector.getIndexCount() == vector.getValueCount(), "numbers of a vector", place);
    }
  }

  /** Adds what must not be negative; -1 if something is. */
  private static long sum(Iterable<Integer> counts) {
    long sum = 0;
    for (int count : counts) {
      if (count < 0) {
        return -1;
      }
      sum += count;
    }
    return sum;
  }

  private static void require(boolean sound, String what, String place) {
    if (!sound) {
      throw new CorruptException(
          place + ": a LIBSVM model whose number of " + what + " is not what it states");
    }
  }
}
