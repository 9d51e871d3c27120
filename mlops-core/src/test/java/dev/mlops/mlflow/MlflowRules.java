package dev.mlops.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What MLflow checks before it takes something: mlflow/utils/validation.py and, for files,
 * validate_path_is_safe of mlflow/utils/uri.py. Where versions differ, the strictest: a colon in
 * names is new, and a parameter had 500 characters.
 */
public final class MlflowRules {
  private static final Pattern NAME =
      Pattern.compile("[/\\p{L}\\p{N}_.\\- ]*"); // Python's [/\w.\- ]*
  private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+");
  private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");

  private MlflowRules() {}

  /** Says why something is refused. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new Refused(message);
    }
  }

  static void batch(JsonNode in, int bytes) {
    JsonNode metrics = in.path("metrics");
    JsonNode params = in.path("params");
    JsonNode tags = in.path("tags");
    require(bytes <= 1_000_000, "requests must be at most 1000000 bytes, got " + bytes);
    require(metrics.size() <= 1000, "at most 1000 metrics, got " + metrics.size());
    require(params.size() <= 100, "at most 100 params, got " + params.size());
    require(tags.size() <= 100, "at most 100 tags, got " + tags.size());
    int total = metrics.size() + params.size() + tags.size();
    require(total <= 1000, "at most 1000 metrics, params, and tags, got " + total);
    metrics.forEach(metric -> {
      name("metric", metric.path("key").asText());
      require(metric.path("timestamp").asLong(-1) >= 0, "timestamp of " + metric);
      require(metric.path("step").isIntegralNumber(), "step of " + metric);
    });
    Set<String> names = new HashSet<>();
    params.forEach(param -> {
      String name = param.path("key").asText();
      name("param", name);
      require(names.add(name), "param '" + name + "' twice in one request");
      length("param value", param.path("value").asText(), 500);
    });
    tags.forEach(MlflowRules::tag);
  }

  static void tag(JsonNode tag) {
    name("tag", tag.path("key").asText());
    require(tag.path("value").isTextual(), "tag without a value: " + tag);
    length("tag value", tag.path("value").asText(), 5000);
  }

  /** Checks the name of a metric, a parameter or a tag. */
  public static void name(String kind, String name) {
    require(NAME.matcher(name).matches(), "invalid " + kind + " name '" + name + "'");
    String norm = normpath(name);
    require(
        norm.equals(name) && !norm.equals(".") && !norm.startsWith("..") && !norm.startsWith("/"),
        kind + " name '" + name + "' would resolve to '" + norm + "'");
    length(kind + " name", name, 250);
  }

  /** Checks an alias. */
  public static void alias(String alias) {
    require(ALIAS.matcher(alias).matches(), "invalid alias name '" + alias + "'");
    length("alias", alias, 255);
    require(!alias.equalsIgnoreCase("latest"), "'latest' alias name is reserved");
    require(!VERSION_ALIAS.matcher(alias).matches(), "version alias name '" + alias + "'");
  }

  /** Checks a file's path and returns what the server makes of it. */
  public static String file(String path) {
    String decoded = path;
    for (String before = ""; !decoded.equals(before); ) {
      before = decoded;
      decoded = URLDecoder.decode(
          before.replace("+", "%2B").replaceAll("%(?![0-9A-Fa-f]{2})", "%25"),
          StandardCharsets.UTF_8);
    }
    boolean safe = !decoded.contains("#")
        && !decoded.startsWith("/")
        && !decoded.contains("\\")
        && !Pattern.compile("/").splitAsStream(decoded).anyMatch(".."::equals);
    require(safe, "Invalid path");
    require(normpath(decoded).equals(decoded), "path '" + decoded + "' would resolve elsewhere");
    return decoded;
  }

  private static void length(String kind, String text, int max) {
    int length = text.codePointCount(0, text.length());
    require(length <= max, kind + " had length " + length + ", which exceeded " + max);
  }

  /** As Python's posixpath.normpath. */
  private static String normpath(String path) {
    boolean absolute = path.startsWith("/");
    var kept = new ArrayDeque<String>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..") || !absolute && (kept.isEmpty() || kept.getLast().equals(".."))) {
        kept.addLast(part);
      } else if (!kept.isEmpty()) {
        kept.removeLast();
      }
    }
    String joined = (absolute ? "/" : "") + String.join("/", kept);
    return joined.isEmpty() ? "." : joined;
  }
}
