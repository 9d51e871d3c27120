package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.error.InvalidInputException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bodies against the published examples (which need node) and against the documented shapes. */
class AzureMlBodiesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Object> SERVICES = Map.of(
      "string",
      Map.of(
          "jobServiceType",
          "string",
          "port",
          1,
          "endpoint",
          "string",
          "properties",
          Map.of("string", "string")));

  private static CommandJob.Builder example() {
    return CommandJob.builder("string", "string", "string")
        .description("string")
        .tag("string", "string")
        .property("properties", Map.of("string", "string"))
        .displayName("string")
        .experimentName("string")
        .property("services", SERVICES)
        .instanceType("string")
        .resourceProperty(
            "string", Collections.singletonMap("e6b6493e-7d5e-4db3-be1e-306ec641327e", null))
        .codeId("string")
        .environmentVariable("string", "string");
  }

  @Test
  void command_equalsThePublishedExample() throws Exception {
    JsonNode published = PublishedExamples.body("Job/CommandJob");

    CommandJob job = example()
        .input(
            "string", Map.of("description", "string", "jobInputType", "literal", "value", "string"))
        .output(
            "string",
            Map.of(
                "description", "string",
                "jobOutputType", "uri_file",
                "mode", "ReadWriteMount",
                "uri", "string"))
        .distributed(1, new Distribution.TensorFlow(1, 1))
        .timeout(Duration.ofMinutes(5))
        .identity("AMLToken")
        .build();

    assertThat(JSON.readTree(job.toJson())).isEqualTo(published);
  }

  @Test
  void sweep_equalsThePublishedExample() throws Exception {
    JsonNode published = PublishedExamples.body("Job/SweepJob");

    SweepJob job = SweepJob.builder(
            example().distributed(1, new Distribution.Mpi(1)).build(),
            "string",
            SweepJob.Goal.MINIMIZE)
        .sampling(SweepJob.Sampling.GRID)
        .trials(1, 1)
        .trialTimeout(Duration.ofSeconds(1))
        .earlyTermination(new EarlyTermination.MedianStopping(1, 1))
        .space("string", Map.of())
        .build();

    assertThat(JSON.readTree(job.toJson())).isEqualTo(published);
  }

  @Test
  void modelVersion_equalsThePublishedExample() throws Exception {
    JsonNode published = PublishedExamples.body("ModelVersion");

    AzureMlModel model = AzureMlModel.builder("string", "CustomModel")
        .description("string")
        .tag("string", "string")
        .property("string", "string")
        .flavor("string", Map.of("string", "string"))
        .build();

    assertThat(JSON.readTree(model.toJson())).isEqualTo(published);
  }

  @Test
  void sweep_ofEveryRule_hasTheDocumentedShape() throws Exception {
    CommandJob trial = CommandJob.builder("java -jar train.jar", "env", "gpu")
        .distributed(4, new Distribution.PyTorch(2))
        .experimentName("fraud")
        .build();

    JsonNode sweep = JSON.readTree(SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE)
            .sampling(SweepJob.Sampling.RANDOM)
            .uniform("learning_rate", 0.01, 0.9)
            .logUniform("lambda", -6, -1)
            .choice("boosting", List.of("gbdt", "dart"))
            .randomInt("depth", 12)
            .trials(20, 4)
            .timeout(Duration.ofHours(2))
            .earlyTermination(new EarlyTermination.BanditFactor(0.2, 2, 6))
            .build()
            .toJson())
        .get("properties");

    assertThat(sweep.get("searchSpace"))
        .isEqualTo(JSON.readTree("{\"learning_rate\":[\"uniform\",[0.01,0.9]],"
            + "\"lambda\":[\"loguniform\",[-6.0,-1.0]],"
            + "\"boosting\":[\"choice\",[[\"gbdt\",\"dart\"]]],\"depth\":[\"randint\",[12]]}"));
    assertThat(sweep.get("earlyTermination"))
        .isEqualTo(JSON.readTree("{\"evaluationInterval\":2,\"delayEvaluation\":6,"
            + "\"policyType\":\"Bandit\",\"slackFactor\":0.2}"));
    assertThat(sweep.get("limits"))
        .isEqualTo(JSON.readTree("{\"jobLimitsType\":\"Sweep\",\"maxTotalTrials\":20,"
            + "\"maxConcurrentTrials\":4,\"timeout\":\"PT2H\"}"));
    assertThat(sweep.at("/trial/distribution"))
        .isEqualTo(
            JSON.readTree("{\"distributionType\":\"PyTorch\",\"processCountPerInstance\":2}"));
    assertThat(sweep.at("/trial/resources/instanceCount").asInt()).isEqualTo(4);
    assertThat(sweep.has("command")).isFalse();
    assertThat(sweep.get("experimentName").asText()).isEqualTo("fraud");
  }

  @Test
  void earlyTermination_ofTheOtherRules_hasTheDocumentedShape() throws Exception {
    assertThat(rule(new EarlyTermination.BanditAmount(0.5, 1, 0)))
        .isEqualTo(JSON.readTree("{\"evaluationInterval\":1,\"delayEvaluation\":0,"
            + "\"policyType\":\"Bandit\",\"slackAmount\":0.5}"));
    assertThat(rule(new EarlyTermination.Truncation(20, 1, 5)))
        .isEqualTo(JSON.readTree("{\"evaluationInterval\":1,\"delayEvaluation\":5,"
            + "\"policyType\":\"TruncationSelection\",\"truncationPercentage\":20}"));
  }

  private static JsonNode rule(EarlyTermination rule) throws Exception {
    CommandJob trial = CommandJob.builder("c", "e", "t").build();
    SweepJob sweep = SweepJob.builder(trial, "m", SweepJob.Goal.MAXIMIZE)
        .uniform("x", 0, 1)
        .earlyTermination(rule)
        .build();
    return JSON.readTree(sweep.toJson()).at("/properties/earlyTermination");
  }

  @Test
  void sweep_thatTheServiceWouldRefuse_isRefusedHere() {
    CommandJob trial = CommandJob.builder("c", "e", "t").build();

    assertThatThrownBy(
            () -> SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE).build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at least one hyperparameter");
    assertThatThrownBy(() -> SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE)
            .uniform("x", 0, 1)
            .sampling(SweepJob.Sampling.BAYESIAN)
            .earlyTermination(new EarlyTermination.MedianStopping(1, 0))
            .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Bayesian");
    assertThatThrownBy(() -> SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE)
            .uniform("x", 0, 1)
            .trials(4, 20)
            .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 20");
    assertThatThrownBy(() -> new EarlyTermination.BanditFactor(Double.NaN, 1, 0))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> new Distribution.Mpi(0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("got 0");
  }

  @Test
  void workspace_parsesItsResourceIdAndRefusesOthers() {
    AzureMlWorkspace workspace = AzureMlWorkspace.parse(
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w");

    assertThat(workspace).isEqualTo(AzureMlWorkspace.of("s", "g", "w"));
    assertThat(AzureMlWorkspace.parse(workspace.resourceId())).isEqualTo(workspace);
    assertThatThrownBy(() -> AzureMlWorkspace.of("s", "g/../x", "w"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("g/../x");
  }

  @Test
  void sweep_withAGridOfRangesOrNoTime_isRefusedHere() {
    CommandJob trial = CommandJob.builder("c", "env", "cpu").build();
    assertThatThrownBy(() -> SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE)
            .sampling(SweepJob.Sampling.GRID)
            .choice("depth", List.of(1, 2))
            .uniform("lr", 0, 1)
            .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("grid sampling takes choices only, got 'lr'");
    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      var sweep = SweepJob.builder(trial, "auc", SweepJob.Goal.MAXIMIZE);
      assertThatThrownBy(() -> sweep.timeout(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("timeout must be above zero, got " + wrong);
      assertThatThrownBy(() -> sweep.trialTimeout(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("trialTimeout must be above zero");
    }
  }
}
