package dev.mlops.telemetry;

import dev.mlops.data.Feature;
import java.util.Optional;

/**
 * Decides what of a feature's value may appear on a sampled span. Without one no value does.
 * Implementations must be safe for use by several threads.
 */
@FunctionalInterface
public interface FeatureMask {

  /**
   * Masks one value.
   *
   * @param feature the feature
   * @param value the value in the row, {@code NaN} where missing
   * @return what to show, such as a range or a hash; empty to show nothing
   */
  Optional<String> mask(Feature feature, double value);
}
