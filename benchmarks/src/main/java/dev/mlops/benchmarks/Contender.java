package dev.mlops.benchmarks;

import java.util.List;
import java.util.Map;

/** One way of doing the work of a comparison. Every measurement runs in a fresh JVM. */
public sealed interface Contender {

  /**
   * Returns the name, as printed.
   *
   * @return {@code "mlops"} or the peer's name
   */
  String name();

  /**
   * A JMH benchmark method, in average-time mode.
   *
   * @param name the contender
   * @param benchmark the class with {@code @Benchmark} methods
   * @param method the method
   * @param params values of {@code @Param} fields
   */
  record Jmh(String name, Class<?> benchmark, String method, Map<String, String> params)
      implements Contender {
    /** Copies the parameters. */
    public Jmh {
      params = Map.copyOf(params);
    }
  }

  /**
   * A program that measures itself once and prints lines {@code ns VALUE}, and where it knows them
   * {@code cpu VALUE} (ns) and {@code bytes VALUE}.
   *
   * @param name the contender
   * @param main the program
   * @param args its arguments
   */
  record Program(String name, Class<?> main, List<String> args) implements Contender {
    /** Copies the arguments. */
    public Program {
      args = List.copyOf(args);
    }
  }

  /**
   * A JMH method without parameters.
   *
   * @param name the contender
   * @param benchmark the class
   * @param method the method
   * @return the contender
   */
  static Contender jmh(String name, Class<?> benchmark, String method) {
    return new Jmh(name, benchmark, method, Map.of());
  }

  /**
   * A JMH method with one parameter.
   *
   * @param name the contender
   * @param benchmark the class
   * @param method the method
   * @param param the {@code @Param} field
   * @param value its value
   * @return the contender
   */
  static Contender jmh(String name, Class<?> benchmark, String method, String param, String value) {
    return new Jmh(name, benchmark, method, Map.of(param, value));
  }
}
