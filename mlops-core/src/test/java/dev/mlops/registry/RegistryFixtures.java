package dev.mlops.registry;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.model.ModelFile;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small versions to register. */
public final class RegistryFixtures {
  public static final Schema SCHEMA = new Schema(
      List.of(
          new Feature.Numeric("amount"),
          new Feature.Categorical("country", List.of("DE", "FR", "<script>"))),
      new Target.Classes("is_fraud", List.of("no", "yes")));

  private RegistryFixtures() {}

  public static VersionDraft draft(String content, double auc) {
    return builder(content).metric("roc_auc", auc).build();
  }

  public static VersionDraft.Builder builder(String content) {
    return VersionDraft.builder()
        .schema(SCHEMA)
        .file(new ModelFile("model.flat", "flat", content.getBytes(StandardCharsets.UTF_8)));
  }
}
