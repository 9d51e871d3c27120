package dev.mlops.training.tribuo;

import libsvm.svm;

/** LibSVM prints to standard output unless it is given somewhere else to print. */
final class LibSvmSilence {
  static {
    svm.svm_set_print_string_function(text -> {});
  }

  private LibSvmSilence() {}

  static void ensure() {
    // the static block has run
  }
}
