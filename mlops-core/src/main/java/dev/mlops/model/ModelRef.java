package dev.mlops.model;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import java.util.regex.Pattern;

/**
 * Points at a version of a named model, by number ({@code fraud:3}) or by alias
 * ({@code fraud@champion}). Immutable.
 */
public sealed interface ModelRef {

  /** What names of models and aliases look like; nothing that matches can leave a directory. */
  Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /**
   * Returns the model's name.
   *
   * @return the name
   */
  String model();

  /**
   * One fixed version.
   *
   * @param model the model's name
   * @param number the version, from 1
   */
  record Version(String model, int number) implements ModelRef {
    /** Creates a reference to a version. */
    public Version {
      requireName("model", model);
      if (number < 1) {
        throw new InvalidInputException("a version of '" + model + "' must be >= 1, got " + number);
      }
    }

    @Override
    public String toString() {
      return model + ":" + number;
    }
  }

  /**
   * Whatever version the alias points at.
   *
   * @param model the model's name
   * @param alias the alias, such as {@code champion}
   */
  record Alias(String model, String alias) implements ModelRef {
    /** Creates a reference to an alias. */
    public Alias {
      requireName("model", model);
      requireName("alias", alias);
    }

    @Override
    public String toString() {
      return model + "@" + alias;
    }
  }

  /**
   * Reads the short form.
   *
   * @param text {@code name:number} or {@code name@alias}
   * @return the reference
   * @throws InvalidInputException if the text has neither form
   */
  static ModelRef parse(String text) {
    requireNonNull(text, "text");
    int at = text.indexOf('@');
    if (at >= 0) {
      return new Alias(text.substring(0, at), text.substring(at + 1));
    }
    int colon = text.indexOf(':');
    if (colon >= 0) {
      try {
        return new Version(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
      } catch (NumberFormatException e) {
        throw new InvalidInputException(
            "'" + text + "' must end in a version number, as in fraud:3", e);
      }
    }
    throw new InvalidInputException(
        "a model reference looks like fraud:3 or fraud@champion, got '" + text + "'");
  }

  /**
   * Checks a name of a model, an alias or an experiment.
   *
   * @param kind what is named, for the message
   * @param name the name to check
   * @return the name
   * @throws InvalidInputException if it does not match {@link #NAME}
   */
  static String requireName(String kind, String name) {
    if (!NAME.matcher(requireNonNull(name, kind)).matches()) {
      throw new InvalidInputException(kind + " name must match " + NAME + ", got '" + name + "'");
    }
    return name;
  }
}
