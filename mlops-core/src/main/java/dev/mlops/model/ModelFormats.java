package dev.mlops.model;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.NotFoundException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The formats that this process can read. Immutable. */
public final class ModelFormats {
  private final Map<String, ModelFormat> byName;

  private ModelFormats(Map<String, ModelFormat> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * Finds the installed formats: those of this library whose dependencies are present, and those
   * that the host provides as {@link ModelFormat} services.
   *
   * @return the formats
   */
  public static ModelFormats installed() {
    Map<String, ModelFormat> found = new TreeMap<>();
    var loader = ServiceLoader.load(ModelFormat.class, ModelFormats.class.getClassLoader());
    for (ModelFormat format : loader) {
      if (format.available()) {
        found.putIfAbsent(format.name(), format);
      }
    }
    return new ModelFormats(found);
  }

  /**
   * Uses the given formats only.
   *
   * @param formats the formats; of two with one name the first counts
   * @return the formats
   */
  public static ModelFormats of(Collection<? extends ModelFormat> formats) {
    Map<String, ModelFormat> found = new TreeMap<>();
    formats.forEach(format -> found.putIfAbsent(format.name(), format));
    return new ModelFormats(found);
  }

  /**
   * Returns the reader of a format.
   *
   * @param name the format's short name
   * @return the reader, or empty if it is not installed
   */
  public Optional<ModelFormat> find(String name) {
    return Optional.ofNullable(byName.get(requireNonNull(name, "name")));
  }

  /**
   * Returns the reader of a format.
   *
   * @param name the format's short name
   * @return the reader
   * @throws NotFoundException if it is not installed; the message lists those that are
   */
  public ModelFormat get(String name) {
    return find(name)
        .orElseThrow(() -> new NotFoundException(
            "model format '" + name + "' is not installed; installed are " + byName.keySet()));
  }

  @Override
  public String toString() {
    return "ModelFormats" + byName.keySet();
  }
}
