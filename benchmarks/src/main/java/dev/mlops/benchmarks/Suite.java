package dev.mlops.benchmarks;

import java.util.List;

/**
 * A named group of comparisons, run with {@code ./benchmarks/run NAME}. Found by service loading.
 */
public interface Suite {

  /**
   * Returns the name on the command line.
   *
   * @return a short lower-case name
   */
  String name();

  /**
   * Lists what is compared, in the order it is printed.
   *
   * @return the comparisons
   */
  List<Comparison> comparisons();

  /**
   * Lists what {@code --quick} compares.
   *
   * @return all comparisons unless overridden
   */
  default List<Comparison> quickComparisons() {
    return comparisons();
  }

  /**
   * Returns what the forked JVMs need beside the class path.
   *
   * @return JVM arguments, such as a heap size
   */
  default List<String> jvmArgs() {
    return List.of("-Xmx2g");
  }
}
