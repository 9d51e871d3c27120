package dev.mlops.benchmarks;

import java.util.List;

/**
 * The same work done by us and by peers.
 *
 * @param name the case, as printed
 * @param basis what the ratio is taken of
 * @param ours our contender
 * @param peers the others, each named as printed
 */
public record Comparison(String name, Basis basis, Contender ours, List<Contender> peers) {

  /** What a ratio compares. */
  public enum Basis {
    /** CPU time of the whole process per operation: steady on a shared machine. */
    CPU,
    /** Wall time per operation: for work that waits, such as durable writes. */
    WALL,
    /** Allocated bytes per operation. */
    BYTES
  }

  /** Copies the peers. */
  public Comparison {
    peers = List.copyOf(peers);
  }

  /**
   * Compares CPU time.
   *
   * @param name the case
   * @param ours our contender
   * @param peers the others
   * @return the comparison
   */
  public static Comparison of(String name, Contender ours, Contender... peers) {
    return new Comparison(name, Basis.CPU, ours, List.of(peers));
  }
}
