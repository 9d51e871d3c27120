package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;

/** Tells kernels apart in a file by a number, never by a class name. */
final class KernelCodec {
  private static final int FOREST = 1;
  private static final int LINEAR = 2;
  private static final int SVM = 3;
  private static final int ENSEMBLE = 4;
  private static final int MAX_DEPTH = 4;

  private KernelCodec() {}

  static void write(Kernel kernel, FlatWriter out) {
    if (kernel instanceof ForestKernel) {
      out.putByte(FOREST);
    } else if (kernel instanceof LinearKernel) {
      out.putByte(LINEAR);
    } else if (kernel instanceof SvmKernel) {
      out.putByte(SVM);
    } else {
      out.putByte(ENSEMBLE);
    }
    kernel.write(out);
  }

  static Kernel read(FlatReader in, int depth) {
    int tag = in.getByte();
    return switch (tag) {
      case FOREST -> ForestKernel.read(in);
      case LINEAR -> LinearKernel.read(in);
      case SVM -> SvmKernel.read(in);
      case ENSEMBLE -> {
        FlatReader.require(depth < MAX_DEPTH, "ensembles nest too deep");
        yield EnsembleKernel.read(in, depth + 1);
      }
      default -> throw new CorruptException("flat model: unknown kind of model " + tag);
    };
  }

  /** Reads a permutation of 0 to n - 1. */
  static int[] readPermutation(FlatReader in, int n) {
    int[] order = in.getInts();
    FlatReader.require(order.length == n, "an order of " + order.length + " for " + n);
    boolean[] seen = new boolean[n];
    for (int i : order) {
      FlatReader.require(i >= 0 && i < n && !seen[i], "an order names " + i + " wrongly");
      seen[i] = true;
    }
    return order;
  }
}
