package dev.mlops.registry.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.MlopsException;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/*
 * Digests stop a fuzzer at the door. So a log is fuzzed as lines of JSON, one per event, and what a
 * forger can compute is computed here: place, digest of the event before, digests of contents, seal.
 */
final class FuzzLog {
  static final String MODEL = "m";

  private FuzzLog() {}

  /** The events of a text, chained and sealed. A line that is no JSON object is sealed as it is. */
  static List<byte[]> events(List<String> lines, List<byte[]> contents) {
    var events = new ArrayList<byte[]>();
    String head = ModelState.NO_EVENT;
    for (String line : lines) {
      byte[] json = line.getBytes(StandardCharsets.UTF_8);
      try {
        json = chained((ObjectNode) Json.tree("line", json), events.size() + 1, head, contents);
      } catch (MlopsException e) {
        // sealed as it is
      }
      boolean sealable = json.length > 2 && json[0] == '{' && json[json.length - 1] == '}';
      byte[] event = sealable ? Sealed.seal(json) : json;
      events.add(event);
      head = Digests.sha256(event);
    }
    return events;
  }

  private static byte[] chained(ObjectNode node, int seq, String head, List<byte[]> contents) {
    node.put("formatVersion", 1).put("seq", seq).put("prev", head);
    JsonNode artifacts = node.path("version").path("artifacts");
    for (int i = 0; i < artifacts.size() && artifacts instanceof ArrayNode; i++) {
      if (artifacts.get(i) instanceof ObjectNode artifact && !contents.isEmpty()) {
        byte[] content = contents.get(i % contents.size());
        artifact.put("digest", Digests.sha256(content)).put("size", content.length);
      }
    }
    return Json.write(node);
  }
}
