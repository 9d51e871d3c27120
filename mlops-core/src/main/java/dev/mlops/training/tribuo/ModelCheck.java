package dev.mlops.training.tribuo;

import dev.mlops.error.CorruptException;
import java.util.List;
import org.tribuo.Model;

/** A model must read exactly the vector that the pipeline gives, element by element. */
final class ModelCheck {
  private ModelCheck() {}

  static void features(Model<?> model, List<String> features) {
    var known = model.getFeatureIDMap();
    if (known.size() != features.size()) {
      throw new CorruptException(
          "the model reads " + known.size() + " features, its transforms give " + features.size());
    }
    for (int j = 0; j < features.size(); j++) {
      if (known.getID(features.get(j)) != j) {
        throw new CorruptException(
            "the model must read '" + features.get(j) + "' at position " + j);
      }
    }
  }
}
