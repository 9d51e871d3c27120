package dev.mlops.registry.card.internal;

import dev.mlops.data.Feature;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Texts that all forms of a card share. */
final class CardText {
  static final String NOT_STATED = "Not stated.";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private CardText() {}

  static String number(double value) {
    return Double.isNaN(value) ? "not determined" : String.format(Locale.ROOT, "%.4f", value);
  }

  /** At most so many characters, and no half of one. */
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 2)) ? most - 2 : most - 1;
    return text.substring(0, end) + "…";
  }

  static String orNotStated(String text) {
    return text.isBlank() ? NOT_STATED : text;
  }

  /** The card's title: the model and, once it has a number, the version. */
  static String title(ModelCard card) {
    return card.registration()
        .map(registration -> card.model() + ", version " + registration.version())
        .orElse(card.model());
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** What is known from registration, by name. */
  static Map<String, String> registration(Registration registration) {
    var pairs = new LinkedHashMap<String, String>();
    pairs.put("Registered by", registration.actor());
    pairs.put("Registered at", time(registration.at()));
    if (!registration.reason().isEmpty()) {
      pairs.put("Reason", registration.reason());
    }
    registration.runId().ifPresent(run -> pairs.put("Run", run));
    registration.tags().forEach((key, value) -> pairs.put("Tag " + key, value));
    return pairs;
  }

  static String describe(Feature feature) {
    return feature instanceof Feature.Categorical categorical
        ? "one of " + categorical.categories().size() + " texts"
        : "number";
  }
}
