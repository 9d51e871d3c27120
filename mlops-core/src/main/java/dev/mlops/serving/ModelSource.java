package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where served models come from: a registry, a directory, a test. Implementations must be safe for
 * use by several threads.
 */
public interface ModelSource {

  /**
   * A version that can be loaded. Immutable.
   *
   * @param model the model's name
   * @param number the version, from 1
   * @param schema its signature
   * @param formats the format of every file by the file's name
   */
  record Version(String model, int number, Schema schema, Map<String, String> formats) {
    /** Creates a version; the map is copied. */
    public Version {
      ModelRef.requireName("model", model);
      requireNonNull(schema, "schema");
      if (number < 1) {
        throw new InvalidInputException("a version of '" + model + "' must be >= 1, got " + number);
      }
      formats = Collections.unmodifiableMap(new TreeMap<>(formats));
    }
  }

  /**
   * Serves what a registry holds.
   *
   * @param registry the registry
   * @return the source
   */
  static ModelSource of(ModelRegistry registry) {
    return new RegistrySource(registry);
  }

  /**
   * Finds the version that a reference points at now.
   *
   * @param ref a version or an alias
   * @return the version
   * @throws dev.mlops.error.NotFoundException if there is no such model, version or alias
   * @throws dev.mlops.error.UnavailableException if the source did not answer
   */
  Version resolve(ModelRef ref);

  /**
   * Reads a file of a version.
   *
   * @param version the version
   * @param file the file's name
   * @return the whole content, compared with its recorded digest
   * @throws dev.mlops.error.NotFoundException if the version has no such file
   * @throws dev.mlops.error.CorruptException if the content is not what was registered
   * @throws dev.mlops.error.UnavailableException if the source did not answer
   */
  byte[] read(Version version, String file);
}
