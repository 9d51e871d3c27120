package dev.mlops.abtest;

import dev.mlops.abtest.internal.Checks;

/**
 * A set of units that mutually exclusive experiments share: each experiment owns a slice of the
 * layer, so no unit is in two of them. The first {@code holdout} share of the layer takes part in
 * none. Immutable.
 *
 * @param name also the salt of the layer's hash; renaming a layer reshuffles it
 * @param holdout share of units that no experiment of the layer may touch, from 0 to 1
 */
public record Layer(String name, double holdout) {
  /** Number of equal slots that a layer is cut into. */
  public static final int SLOTS = 65_536;

  /** Checks the name and the share. */
  public Layer {
    Checks.name("layer", name);
    Checks.share("layer '" + name + "': holdout", holdout);
  }

  /**
   * A layer without holdout.
   *
   * @param name the layer's name
   * @return the layer
   */
  public static Layer of(String name) {
    return new Layer(name, 0);
  }

  /**
   * A layer that keeps a share of all units out of every experiment.
   *
   * @param name the layer's name
   * @param holdout the share kept out, from 0 to 1
   * @return the layer
   */
  public static Layer of(String name, double holdout) {
    return new Layer(name, holdout);
  }

  int holdoutSlots() {
    return (int) Math.round(holdout * SLOTS);
  }
}
