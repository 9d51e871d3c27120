package dev.mlops.abtest.internal.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mlops.abtest.Event;
import dev.mlops.abtest.error.AbTestException;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/*
 * {"v":1,"type":"exposure","id":"..","at":1790000000000,"unit":"..","experiment":"..","epoch":1,
 *  "variant":"..","analysed":true}
 * {"v":1,"type":"outcome","id":"..","at":1790000000000,"unit":"..","name":"..","value":1.0}
 * A value that is not finite is written as the string "NaN", "Infinity" or "-Infinity".
 */
/** One event as one line of JSON. */
public final class EventJson {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int VERSION = 1;

  private EventJson() {}

  public static void append(StringBuilder out, Event event) {
    boolean exposure = event instanceof Event.Exposure;
    out.append("{\"v\":1,\"type\":\"").append(exposure ? "exposure" : "outcome");
    out.append("\",\"id\":");
    quote(out, event.id());
    out.append(",\"at\":").append(event.at().toEpochMilli()).append(",\"unit\":");
    quote(out, event.unitId());
    if (event instanceof Event.Exposure e) {
      out.append(",\"experiment\":");
      quote(out, e.experiment());
      out.append(",\"epoch\":").append(e.epoch()).append(",\"variant\":");
      quote(out, e.variant());
      out.append(",\"analysed\":").append(e.analysed());
    } else if (event instanceof Event.Outcome o) {
      out.append(",\"name\":");
      quote(out, o.name());
      out.append(",\"value\":");
      if (Double.isFinite(o.value())) {
        out.append(o.value());
      } else {
        out.append('"').append(o.value()).append('"');
      }
    }
    out.append("}\n");
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /**
   * Reads one line.
   *
   * @return null if the line is not an event
   * @throws AbTestException.Corrupt if it is an event of another format version
   */
  public static @Nullable Event parse(byte[] line, int offset, int length) {
    try (JsonParser parser = FACTORY.createParser(line, offset, length)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? object(parser) : null;
    } catch (IOException | IllegalArgumentException | AbTestException.InvalidInput e) {
      return null;
    }
  }

  private static @Nullable Event object(JsonParser parser) throws IOException {
    String type = "";
    String id = "";
    String unit = "";
    String experiment = "";
    String variant = "";
    String name = "";
    long at = 0;
    int epoch = 0;
    int version = 0;
    boolean analysed = true;
    double value = Double.NaN;
    boolean complete = false;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (token == JsonToken.END_OBJECT) {
        complete = true;
        break;
      }
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "v" -> version = parser.getIntValue();
        case "type" -> type = parser.getText();
        case "id" -> id = parser.getText();
        case "at" -> at = parser.getLongValue();
        case "unit" -> unit = parser.getText();
        case "experiment" -> experiment = parser.getText();
        case "epoch" -> epoch = parser.getIntValue();
        case "variant" -> variant = parser.getText();
        case "analysed" -> analysed = parser.getBooleanValue();
        case "name" -> name = parser.getText();
        case "value" ->
          value = parser.currentToken() == JsonToken.VALUE_STRING
              ? Double.parseDouble(parser.getText())
              : parser.getDoubleValue();
        default -> parser.skipChildren();
      }
    }
    if (!complete) {
      return null;
    }
    if (version != VERSION) {
      throw new AbTestException.Corrupt(
          "events of format version " + VERSION + " can be read, found version " + version, null);
    }
    Instant when = Instant.ofEpochMilli(at);
    return switch (type) {
      case "exposure" -> new Event.Exposure(id, when, unit, experiment, epoch, variant, analysed);
      case "outcome" -> new Event.Outcome(id, when, unit, name, value);
      default -> null;
    };
  }
}
