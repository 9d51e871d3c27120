package dev.mlops.azure.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.Loopback.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * An ingestion endpoint of Application Insights: decodes gzip and JSON lines, keeps what it
 * accepted.
 */
public final class Ingestion implements AutoCloseable {
  public static final String KEY = "00000000-0000-0000-0000-0000000000aa";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How it answers. */
  public enum Mode {
    ACCEPT,
    THROTTLE_429,
    FAIL_500,
    PARTIAL_206,
    DROP
  }

  private final List<JsonNode> accepted = new ArrayList<>();
  private final Loopback server;
  private Mode mode = Mode.ACCEPT;
  private int refused;

  public Ingestion() {
    this(0);
  }

  public Ingestion(int port) {
    server = Loopback.http(port, this::answer);
  }

  public int port() {
    return server.port();
  }

  public String connectionString() {
    return connectionString(port());
  }

  public static String connectionString(int port) {
    return "InstrumentationKey=" + KEY + ";IngestionEndpoint=http://127.0.0.1:" + port + "/";
  }

  public synchronized void mode(Mode next) {
    mode = next;
  }

  public synchronized int refused() {
    return refused;
  }

  /** Every envelope that was accepted and fits. */
  public synchronized List<JsonNode> accepted(Predicate<JsonNode> filter) {
    return accepted.stream().filter(filter).toList();
  }

  public synchronized List<JsonNode> accepted() {
    return List.copyOf(accepted);
  }

  public List<Request> requests() {
    return server.requests();
  }

  private synchronized Reply answer(Request request) {
    if (!request.path().equals("/v2.1/track")) {
      return Reply.json(404, "{}");
    }
    List<JsonNode> items = decode(request.body());
    return switch (mode) {
      case DROP -> {
        refused++;
        yield Reply.dropped();
      }
      case THROTTLE_429 -> {
        refused++;
        yield Reply.json(
            429, "{\"itemsReceived\":" + items.size() + ",\"itemsAccepted\":0,\"errors\":[]}");
      }
      case FAIL_500 -> {
        refused++;
        yield Reply.json(500, "");
      }
      case PARTIAL_206 -> {
        refused++;
        // Every second item is throttled.
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
          if (i % 2 == 0) {
            errors
                .append(errors.isEmpty() ? "" : ",")
                .append("{\"index\":")
                .append(i)
                .append(",\"statusCode\":429,\"message\":\"later\"}");
          } else {
            accepted.add(items.get(i));
          }
        }
        yield Reply.json(
            206,
            "{\"itemsReceived\":" + items.size() + ",\"itemsAccepted\":" + items.size() / 2
                + ",\"errors\":[" + errors + "]}");
      }
      case ACCEPT -> {
        accepted.addAll(items);
        yield Reply.json(
            200,
            "{\"itemsReceived\":" + items.size() + ",\"itemsAccepted\":" + items.size()
                + ",\"errors\":[]}");
      }
    };
  }

  /** The envelopes of a payload. */
  public static List<JsonNode> decode(byte[] body) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      List<JsonNode> items = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isBlank()) {
          items.add(JSON.readTree(line));
        }
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
