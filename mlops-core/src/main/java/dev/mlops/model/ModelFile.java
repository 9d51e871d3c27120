package dev.mlops.model;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * One named piece of content that travels with a version of a model: the model itself in some
 * format, its golden rows, its recipe, a drift baseline. Immutable: the content is copied in and
 * out.
 */
public final class ModelFile {
  private final String name;
  private final String format;
  private final byte[] content;

  /**
   * Creates a file.
   *
   * @param name unique within a version, such as {@code "model.flat"}
   * @param format names the format, for a model the {@link ModelFormat#name()} that reads it
   * @param content the whole content, copied
   */
  public ModelFile(String name, String format, byte[] content) {
    this.name = requireNonNull(name, "name");
    this.format = requireNonNull(format, "format");
    this.content = content.clone();
  }

  /**
   * Returns the name.
   *
   * @return the name, unique within a version
   */
  public String name() {
    return name;
  }

  /**
   * Returns the format.
   *
   * @return the format's short name
   */
  public String format() {
    return format;
  }

  /**
   * Returns the content.
   *
   * @return a copy of the bytes
   */
  public byte[] content() {
    return content.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ModelFile other
        && name.equals(other.name)
        && format.equals(other.format)
        && Arrays.equals(content, other.content);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return name + " (" + format + ", " + content.length + " bytes)";
  }
}
