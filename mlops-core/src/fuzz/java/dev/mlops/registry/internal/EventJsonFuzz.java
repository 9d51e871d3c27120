package dev.mlops.registry.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.mlops.error.MlopsException;
import dev.mlops.registry.RegistryEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any lines give events or one of our own errors. An event survives being written and read, and a
 * log that is believed can be folded to a state.
 */
class EventJsonFuzz {
  @FuzzTest(maxDuration = "10m")
  void read(byte[] data) {
    var state = new ModelState(FuzzLog.MODEL);
    List<String> lines = new String(data, StandardCharsets.UTF_8).lines().toList();
    try {
      EventJson.read("raw", data);
    } catch (MlopsException expected) {
      // a typed refusal is an answer
    }
    for (byte[] content : FuzzLog.events(lines, List.of())) {
      try {
        RegistryEvent event = EventJson.read("line", content);
        if (!(event instanceof RegistryEvent.Unknown)) {
          byte[] written = EventJson.write(event);
          if (!EventJson.read("again", written).equals(event)) {
            throw new AssertionError("changed by a round trip: " + event);
          }
        }
        state.apply(event, content);
        state.snapshot();
      } catch (MlopsException expected) {
        return; // nothing after it is believed
      }
    }
  }
}
