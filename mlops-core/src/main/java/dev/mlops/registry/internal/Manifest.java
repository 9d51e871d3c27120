package dev.mlops.registry.internal;

import dev.mlops.registry.ModelVersion;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is signed: one line per fact, each value behind its length so that no text can pass for
 * another line. The form never changes; another one would get another first line.
 */
public final class Manifest {
  private Manifest() {}

  public static byte[] of(ModelVersion version) {
    var text = new StringBuilder("mlops-version-1\n");
    line(text, "model", version.model(), Integer.toString(version.number()));
    line(text, "schema", Digests.sha256(Json.write(SchemaJson.write(version.schema()))));
    version
        .artifacts()
        .values()
        .forEach(a -> line(text, "file", a.name(), a.format(), a.sha256(), "" + a.size()));
    version
        .metrics()
        .forEach((name, value) ->
            line(text, "metric", name, Long.toHexString(Double.doubleToLongBits(value))));
    version.lineage().forEach((name, value) -> line(text, "lineage", name, value));
    version.runId().ifPresent(id -> line(text, "run", id));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String kind, String... values) {
    text.append(kind);
    Arrays.stream(values)
        .forEach(v -> text.append(' ').append(v.length()).append(':').append(v));
    text.append('\n');
  }
}
