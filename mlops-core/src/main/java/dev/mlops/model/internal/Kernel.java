package dev.mlops.model.internal;

import java.util.Optional;

/**
 * The arithmetic of one compiled model over its own inputs. Immutable after construction, safe for
 * use by several threads, and free of allocation while scoring.
 */
public sealed interface Kernel permits ForestKernel, LinearKernel, SvmKernel, EnsembleKernel {

  /** Returns the number of inputs. */
  int inputs();

  /** Returns the number of scores. */
  int outputs();

  /**
   * Scores inputs; NaN means that the input is absent.
   *
   * @param x the inputs, not modified
   * @param scores receives the scores
   */
  void score(double[] x, double[] scores);

  /** Writes everything that {@link KernelCodec#read} needs. */
  void write(FlatWriter out);

  /** How far scores may be from those of the training library; 0 where they are bit-equal. */
  default double tolerance() {
    return 0;
  }

  /** Returns the sums behind the scores, if there are any: empty for kernel machines and others. */
  default Optional<Additive> additive() {
    return Optional.empty();
  }

  /** Says what this is in a few words. */
  String describe();
}
