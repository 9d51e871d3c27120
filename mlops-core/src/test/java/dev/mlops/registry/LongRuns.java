package dev.mlops.registry;

/** Sizes of tests that can run short in the build and long with {@code -Dmlops.long=true}. */
public final class LongRuns {
  private LongRuns() {}

  public static int count(int inTheBuild, int whenLong) {
    return Boolean.getBoolean("mlops.long") ? whenLong : inTheBuild;
  }
}
