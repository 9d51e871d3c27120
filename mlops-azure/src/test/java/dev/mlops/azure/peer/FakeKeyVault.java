package dev.mlops.azure.peer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.Loopback.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The secrets API of Key Vault over HTTPS, strict: every request needs a token that it asked for
 * with a 401 challenge and that has not been revoked since.
 */
public final class FakeKeyVault implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Version(String id, String value, boolean enabled) {}

  private final Map<String, List<Version>> secrets = new HashMap<>();
  private final Map<String, List<Version>> deleted = new HashMap<>();
  private final Loopback server = Loopback.https(this::answer);
  private int throttle;
  private boolean down;
  private String revoked = "";
  private int challenges;

  public String url() {
    return server.url();
  }

  public int requests() {
    return server.requests().size();
  }

  public synchronized int challenges() {
    return challenges;
  }

  /** Answers 429 to so many requests. */
  public synchronized void throttle(int requests) {
    throttle = requests;
  }

  /** Drops every connection, or no longer. */
  public synchronized void down(boolean nowDown) {
    down = nowDown;
  }

  /** No longer accepts a token. */
  public synchronized void revoke(String token) {
    revoked = token;
  }

  /** Lets nobody read the latest version. */
  public synchronized void disable(String name) {
    List<Version> versions = versions(name);
    Version last = versions.remove(versions.size() - 1);
    versions.add(new Version(last.id(), last.value(), false));
  }

  private List<Version> versions(String name) {
    return secrets.computeIfAbsent(name, key -> new ArrayList<>());
  }

  private synchronized Reply answer(Request request) {
    if (down) {
      return Reply.dropped();
    }
    if (throttle > 0) {
      throttle--;
      return Reply.json(429, error("Throttled", "slow down", "")).with("Retry-After", "1");
    }
    String token = request.header("Authorization");
    if (!token.startsWith("Bearer ") || token.equals("Bearer " + revoked)) {
      challenges++;
      return Reply.json(
              401, error("Unauthorized", "AKV10000: Request is missing a Bearer token", ""))
          .with(
              "WWW-Authenticate",
              "Bearer authorization=\"https://login.windows.net/00000000-0000-0000-0000-000000000001\","
                  + " resource=\"https://vault.azure.net\"");
    }
    String[] path = request.path().substring(1).split("/", -1);
    if (path.length < 2 || !path[0].equals("secrets")) {
      return Reply.json(400, error("BadParameter", request.path(), ""));
    }
    String name = path[1];
    return switch (request.method()) {
      case "PUT" -> set(name, request.text());
      case "DELETE" -> delete(name);
      default ->
        path.length == 3 && path[2].equals("versions")
            ? list(name)
            : get(name, path.length == 3 ? path[2] : "");
    };
  }

  private Reply set(String name, String body) {
    if (deleted.containsKey(name)) {
      return Reply.json(
          409,
          error(
              "Conflict",
              "Secret " + name + " is currently in a deleted but recoverable state",
              "ObjectIsDeletedButRecoverable"));
    }
    try {
      JsonNode json = JSON.readTree(body);
      Version version = new Version(
          UUID.randomUUID().toString().replace("-", ""), json.get("value").asText(), true);
      versions(name).add(version);
      return Reply.json(200, bundle(name, version, true));
    } catch (Exception e) {
      return Reply.json(400, error("BadParameter", "body", ""));
    }
  }

  private Reply get(String name, String id) {
    List<Version> versions = secrets.getOrDefault(name, List.of());
    for (int i = versions.size() - 1; i >= 0; i--) {
      Version version = versions.get(i);
      if (id.isEmpty() || id.equals(version.id())) {
        return version.enabled()
            ? Reply.json(200, bundle(name, version, true))
            : Reply.json(
                403,
                error(
                    "Forbidden",
                    "Operation get is not allowed on a disabled secret.",
                    "SecretDisabled"));
      }
    }
    return Reply.json(
        404,
        error(
            "SecretNotFound",
            "A secret with (name/id) " + name + "/" + id + " was not found in this key vault.",
            ""));
  }

  private Reply list(String name) {
    List<String> items =
        versions(name).stream().map(version -> bundle(name, version, false)).toList();
    return Reply.json(200, "{\"value\":[" + String.join(",", items) + "],\"nextLink\":null}");
  }

  private Reply delete(String name) {
    List<Version> gone = secrets.remove(name);
    if (gone == null) {
      return Reply.json(404, error("SecretNotFound", name, ""));
    }
    deleted.put(name, gone);
    String bundle = bundle(name, gone.get(gone.size() - 1), false);
    return Reply.json(
        200,
        bundle.substring(0, bundle.length() - 1) + ",\"recoveryId\":\"" + url() + "/deletedsecrets/"
            + name + "\",\"deletedDate\":1700000000,\"scheduledPurgeDate\":1800000000}");
  }

  private String bundle(String name, Version version, boolean withValue) {
    return JSON.createObjectNode()
        .put("id", url() + "/secrets/" + name + "/" + version.id())
        .setAll(Map.of(
            "attributes",
            JSON.createObjectNode()
                .put("enabled", version.enabled())
                .put("created", 1700000000)
                .put("updated", 1700000000)
                .put("recoveryLevel", "Recoverable+Purgeable")))
        .toString()
        .replaceFirst(
            "}$", withValue ? ",\"value\":" + JSON.valueToTree(version.value()) + "}" : "}");
  }

  private static String error(String code, String message, String inner) {
    return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\""
        + (inner.isEmpty() ? "" : ",\"innererror\":{\"code\":\"" + inner + "\"}") + "}}";
  }

  @Override
  public void close() {
    server.close();
  }
}
