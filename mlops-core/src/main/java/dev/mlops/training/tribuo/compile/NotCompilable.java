package dev.mlops.training.tribuo.compile;

/** Leaves the compiler with a reason; never seen outside. */
final class NotCompilable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCompilable(String reason) {
    super(reason, null, false, false);
  }
}
