package dev.mlops.azure.internal;

import dev.mlops.error.InvalidInputException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The connection string of an Application Insights resource, checked. Its text never appears in a
 * message.
 *
 * @param text the whole string
 * @param instrumentationKey the key telemetry carries
 * @param ingestionEndpoint where telemetry goes
 * @param liveEndpoint where live metrics go
 */
public record ConnectionString(
    String text, String instrumentationKey, URI ingestionEndpoint, URI liveEndpoint) {

  /**
   * Reads a connection string.
   *
   * @param text {@code InstrumentationKey=…;IngestionEndpoint=…}
   * @return the parts
   * @throws InvalidInputException naming the part that is missing or wrong, never its value
   */
  public static ConnectionString parse(String text) {
    Map<String, String> parts = new TreeMap<>();
    for (String part : text.split(";", -1)) {
      if (!part.isBlank()) {
        int equals = part.indexOf('=');
        if (equals < 1) {
          throw wrong("every part must look like Name=value");
        }
        parts.put(
            part.substring(0, equals).trim().toLowerCase(Locale.ROOT),
            part.substring(equals + 1).trim());
      }
    }
    String key = parts.get("instrumentationkey");
    if (key == null || key.isEmpty()) {
      throw wrong("InstrumentationKey is missing");
    }
    try {
      UUID.fromString(key);
    } catch (IllegalArgumentException e) {
      throw wrong("InstrumentationKey must be a UUID");
    }
    String suffix = parts.get("endpointsuffix");
    String location = parts.containsKey("location") ? parts.get("location") + "." : "";
    String ingestion = suffix == null
        ? "https://dc.services.visualstudio.com/"
        : "https://" + location + "dc." + suffix;
    String live = suffix == null
        ? "https://rt.services.visualstudio.com/"
        : "https://" + location + "live." + suffix;
    return new ConnectionString(
        text,
        key,
        endpoint("IngestionEndpoint", parts.getOrDefault("ingestionendpoint", ingestion)),
        endpoint("LiveEndpoint", parts.getOrDefault("liveendpoint", live)));
  }

  private static URI endpoint(String name, String value) {
    try {
      URI uri = URI.create(value);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(name + " must be an http or https address");
    }
    throw wrong(name + " must be an http or https address");
  }

  private static InvalidInputException wrong(String rule) {
    return new InvalidInputException(
        "the Application Insights connection string is not usable: " + rule);
  }

  @Override
  public String toString() {
    return "ConnectionString[ingestionEndpoint=" + ingestionEndpoint + "]";
  }
}
