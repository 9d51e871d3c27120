package dev.mlops.azure.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.Distribution;
import dev.mlops.azure.EarlyTermination;
import dev.mlops.error.InvalidInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The bodies of job requests, in the names of the REST API 2024-10-01. */
public final class JobJson {
  static final ObjectMapper JSON = new ObjectMapper();

  private JobJson() {}

  /** Whether all that was sent is in what is there, which may say more. */
  static boolean covers(JsonNode there, JsonNode sent) {
    if (!sent.isObject()) {
      return there.equals(sent);
    }
    return sent.properties().stream()
        .allMatch(field -> covers(there.path(field.getKey()), field.getValue()));
  }

  /** The parts of a command that a sweep repeats per trial. */
  public static Map<String, Object> trial(
      String command,
      String environmentId,
      Optional<String> codeId,
      Map<String, String> environmentVariables,
      Optional<Distribution> distribution,
      Map<String, Object> resources) {
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("command", command);
    trial.put("environmentId", environmentId);
    codeId.ifPresent(id -> trial.put("codeId", id));
    if (!environmentVariables.isEmpty()) {
      trial.put("environmentVariables", new LinkedHashMap<>(environmentVariables));
    }
    distribution.ifPresent(how -> trial.put("distribution", distribution(how)));
    trial.put("resources", resources);
    return Collections.unmodifiableMap(trial);
  }

  /** The machines. */
  public static Map<String, Object> resources(
      int instanceCount, Optional<String> instanceType, Map<String, Object> properties) {
    Map<String, Object> resources = new LinkedHashMap<>();
    resources.put("instanceCount", instanceCount);
    instanceType.ifPresent(type -> resources.put("instanceType", type));
    if (!properties.isEmpty()) {
      resources.put("properties", new LinkedHashMap<>(properties));
    }
    return resources;
  }

  private static Map<String, Object> distribution(Distribution how) {
    if (how instanceof Distribution.Mpi mpi) {
      return Map.of(
          "distributionType", "Mpi", "processCountPerInstance", mpi.processesPerInstance());
    }
    if (how instanceof Distribution.PyTorch pyTorch) {
      return Map.of(
          "distributionType", "PyTorch", "processCountPerInstance", pyTorch.processesPerInstance());
    }
    Distribution.TensorFlow tensorFlow = (Distribution.TensorFlow) how;
    return Map.of(
        "distributionType", "TensorFlow",
        "workerCount", tensorFlow.workers(),
        "parameterServerCount", tensorFlow.parameterServers());
  }

  /** The rule that stops bad trials. */
  public static Map<String, Object> earlyTermination(EarlyTermination rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("evaluationInterval", rule.evaluationInterval());
    json.put("delayEvaluation", rule.delayEvaluation());
    if (rule instanceof EarlyTermination.BanditFactor bandit) {
      json.put("policyType", "Bandit");
      json.put("slackFactor", bandit.slackFactor());
    } else if (rule instanceof EarlyTermination.BanditAmount bandit) {
      json.put("policyType", "Bandit");
      json.put("slackAmount", bandit.slackAmount());
    } else if (rule instanceof EarlyTermination.Truncation truncation) {
      json.put("policyType", "TruncationSelection");
      json.put("truncationPercentage", truncation.truncationPercentage());
    } else {
      json.put("policyType", "MedianStopping");
    }
    return json;
  }

  /** The object under a name, created when missing. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> into(Map<String, Object> parent, String name) {
    return (Map<String, Object>)
        parent.computeIfAbsent(name, key -> new LinkedHashMap<String, Object>());
  }

  /** A copy that nobody else can reach. */
  public static Map<String, Object> frozen(Map<String, Object> properties) {
    @SuppressWarnings("unchecked")
    Map<String, Object> copy = JSON.convertValue(properties, LinkedHashMap.class);
    return Collections.unmodifiableMap(copy);
  }

  /** The whole body. */
  public static String body(Map<String, Object> properties) {
    return write(Map.of("properties", properties));
  }

  /** JSON text. */
  public static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException("a value has no JSON form: " + e.getOriginalMessage(), e);
    }
  }

  /** The value of a text. */
  public static JsonNode read(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /** A text that says something. */
  public static String notBlank(String name, String value) {
    if (value.isBlank()) {
      throw new InvalidInputException(name + " must not be blank");
    }
    return value;
  }
}
