package dev.mlops.training;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;

/** Any text gives a recipe or one of our own errors; a recipe survives a round trip. */
class RecipeFuzz {
  @FuzzTest(maxDuration = "10m")
  void fromJson(FuzzedDataProvider data) {
    try {
      Recipe recipe = Recipe.fromJson(data.consumeRemainingAsString());
      if (!Recipe.fromJson(recipe.toJson()).equals(recipe)) {
        throw new AssertionError("changed by a round trip: " + recipe.toJson());
      }
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
  }
}
