package dev.mlops.registry.card.internal;

import dev.mlops.data.Feature;
import java.util.Locale;

/** Texts that all forms of a card share. */
final class CardText {
  static final String NOT_STATED = "Not stated.";

  private CardText() {}

  static String number(double value) {
    return Double.isNaN(value) ? "not determined" : String.format(Locale.ROOT, "%.4f", value);
  }

  static String orNotStated(String text) {
    return text.isBlank() ? NOT_STATED : text;
  }

  static String describe(Feature feature) {
    return feature instanceof Feature.Categorical categorical
        ? "one of " + categorical.categories().size() + " texts"
        : "number";
  }
}
