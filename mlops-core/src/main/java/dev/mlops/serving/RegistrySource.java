package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.model.ModelRef;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import java.util.Map;
import java.util.stream.Collectors;

/** Versions from a registry, which compares every file with its recorded digest. */
final class RegistrySource implements ModelSource {
  private final ModelRegistry registry;

  RegistrySource(ModelRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  public Version resolve(ModelRef ref) {
    ModelVersion version = registry.get(ref);
    Map<String, String> formats = version.artifacts().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().format()));
    return new Version(version.model(), version.number(), version.schema(), formats);
  }

  @Override
  public byte[] read(Version version, String file) {
    return registry.read(
        registry.get(new ModelRef.Version(version.model(), version.number())), file);
  }

  @Override
  public String toString() {
    return "RegistrySource[" + registry + "]";
  }
}
