package dev.mlops.telemetry.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.Vectors;
import dev.mlops.telemetry.scaling.ScalingDecision.Reason;
import dev.mlops.telemetry.scaling.ScalingRules.Select;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases in {@code hpa.json} are Kubernetes' own test table and a trace of its algorithm. */
class ScalingAdvisorTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final JsonNode HPA = Vectors.read("hpa");

  static Stream<Arguments> rateCases() {
    return named("rate_cases");
  }

  static Stream<Arguments> stabilizeCases() {
    return named("stabilize_cases");
  }

  private static Stream<Arguments> named(String key) {
    assertThat(HPA.get(key)).isNotEmpty();
    return StreamSupport.stream(HPA.get(key).spliterator(), false)
        .map(c -> Arguments.of(c.get("name").asText(), c));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rateCases")
  void limited_ofKubernetesCase_isTheirReplicas(String name, JsonNode c) {
    var policy = new ScalingPolicy(
        c.get("min").asInt(),
        c.get("max").asInt(),
        10,
        rules(c.get("scaleUp")),
        rules(c.get("scaleDown")));
    var history = new ScalingHistory();
    for (JsonNode e : c.get("scaleUpEvents")) {
      history.changed(0, e.get(0).asInt(), NOW.minusSeconds(e.get(1).asLong()));
    }
    for (JsonNode e : c.get("scaleDownEvents")) {
      history.changed(e.get(0).asInt(), 0, NOW.minusSeconds(e.get(1).asLong()));
    }

    int desired = c.get("desired").asInt();
    ScalingDecision decision = new ScalingAdvisor(policy, history)
        .limited(NOW, c.get("current").asInt(), desired, desired);

    assertThat(decision.replicas()).isEqualTo(c.get("expected").asInt());
    assertThat(camel(decision.reason())).isEqualTo(c.get("condition").asText());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stabilizeCases")
  void stabilized_ofKubernetesCase_isTheirRecommendation(String name, JsonNode c) {
    var history = new ScalingHistory();
    for (JsonNode r : c.get("recommendations")) {
      history.recommended(r.get(0).asInt(), NOW.minusSeconds(r.get(1).asLong()));
    }

    int stabilized = history.stabilized(
        c.get("current").asInt(),
        c.get("desired").asInt(),
        Duration.ofSeconds(c.get("scaleUpWindow").asLong()),
        Duration.ofSeconds(c.get("scaleDownWindow").asLong()),
        NOW);

    assertThat(stabilized).isEqualTo(c.get("expected").asInt());
  }

  @Test
  void limits_ofMinPolicyCases_areTheirs() {
    int checked = 0;
    for (JsonNode c : HPA.get("min_policy_cases")) {
      ScalingRules rules = rules(c.get("rules"));
      int current = c.get("current").asInt();
      var history = new ScalingHistory();
      if (c.has("up_limit")) {
        assertThat(history.highest(current, rules, NOW))
            .isEqualTo(c.get("up_limit").asInt());
        checked++;
      }
      if (c.has("down_limit")) {
        assertThat(history.lowest(current, rules, NOW))
            .isEqualTo(c.get("down_limit").asInt());
        checked++;
      }
    }
    assertThat(checked).isEqualTo(2);
  }

  @Test
  void desired_ofFormulaCases_isTheirs() {
    for (JsonNode c : HPA.get("desired_formula")) {
      int current = c.get("current").asInt();
      var calculator = new ReplicaCalculator(
          ScalingPolicy.kubernetesDefaults(1, 100, c.get("target").asDouble()));
      var loads = new PodLoads(Collections.nCopies(current, c.get("metric").asDouble()), 0, 0);
      assertThat(calculator.desired(loads, current))
          .as("%s", c)
          .isEqualTo(c.get("expected").asInt());
    }
  }

  @Test
  void simulate_ofCaseStudyTraffic_isTheReferenceTrace() {
    JsonNode simulation = HPA.get("simulation");
    var totals = new ArrayList<Double>();
    simulation.get("trace").forEach(row -> totals.add(row.get(1).asDouble()));
    ScalingPolicy policy = ScalingPolicy.caseStudy(
        simulation.get("min").asInt(), simulation.get("max").asInt());
    assertThat(policy.scaleUp()).isEqualTo(rules(simulation.get("scaleUp")));
    assertThat(policy.scaleDown()).isEqualTo(rules(simulation.get("scaleDown")));
    assertThat(policy.targetAverage())
        .isEqualTo(simulation.get("target_rps_per_pod").asDouble());

    List<ScalingDecision> decisions = ScalingAdvisor.simulate(
        policy,
        NOW,
        Duration.ofSeconds(simulation.get("sync_s").asLong()),
        simulation.get("trace").get(0).get(2).asInt(),
        totals);

    for (int i = 0; i < decisions.size(); i++) {
      JsonNode row = simulation.get("trace").get(i);
      ScalingDecision d = decisions.get(i);
      assertThat(List.of(d.current(), d.desired(), d.stabilized(), d.replicas(), camel(d.reason())))
          .as("at second %s", row.get(0))
          .isEqualTo(List.of(
              row.get(2).asInt(),
              row.get(3).asInt(),
              row.get(4).asInt(),
              row.get(5).asInt(),
              row.get(6).asText()));
    }
    assertThat(decisions).hasSize(87);
  }

  /** By hand from calcPlainMetricReplicas: ready loads, missing, unready, current, answer. */
  @ParameterizedTest(name = "ready {0}x{1} missing {2} unready {3} of {4}")
  @CsvSource({
    "2, 10.0, 1, 0, 3, 3", // missing replicas on target: nothing changes
    "2, 2.0, 1, 0, 3, 2", // shrinking: the missing one counts as 10, (4 + 10) / 30
    "2, 20.0, 1, 0, 3, 4", // growing: the missing one counts as 0, 40 / 30
    "1, 15.0, 1, 0, 2, 2", // growing turned round by the missing one: nothing changes
    "2, 30.0, 0, 1, 3, 6", // growing: the unready one counts as 0, 60 / 30
    "2, 12.0, 0, 1, 3, 3", // growing turned round by the unready one
    "2, 2.0, 0, 1, 3, 1", // shrinking ignores the unready one: 0.2 of 2
    "1, 25.0, 2, 3, 6, 6" // fewer replicas than now although it grows: nothing changes
  })
  void desired_withSilentReplicas_isConservative(
      int ready, double load, int missing, int unready, int current, int expected) {
    var calculator = new ReplicaCalculator(ScalingPolicy.kubernetesDefaults(1, 100, 10));

    int desired = calculator.desired(
        new PodLoads(Collections.nCopies(ready, load), missing, unready), current);

    assertThat(desired).isEqualTo(expected);
  }

  @Test
  void desired_atTheEdgeOfTheTolerance_staysInside() {
    var calculator = new ReplicaCalculator(ScalingPolicy.kubernetesDefaults(1, 100, 10));

    assertThat(calculator.desired(new PodLoads(List.of(11.0), 0, 0), 1)).isEqualTo(1);
    assertThat(calculator.desired(new PodLoads(List.of(11.001), 0, 0), 1)).isEqualTo(2);
    assertThat(calculator.desired(90, 10)).isEqualTo(10);
    assertThat(calculator.desired(89, 10)).isEqualTo(9);
  }

  @Test
  void advise_outsideTheRange_goesToItsEdgeAtOnce() {
    ScalingPolicy policy = ScalingPolicy.caseStudy(2, 10);

    assertThat(new ScalingAdvisor(policy).advise(NOW, 50, 1.0).replicas()).isEqualTo(10);
    assertThat(new ScalingAdvisor(policy).advise(NOW, 1, 100.0).replicas()).isEqualTo(2);
  }

  @Test
  void advise_withoutReplicasOrLoads_changesNothing() {
    var advisor = new ScalingAdvisor(ScalingPolicy.caseStudy(2, 10));
    var silent = new PodLoads(List.of(), 3, 0);

    assertThat(advisor.advise(NOW, 0, silent))
        .returns(0, ScalingDecision::replicas)
        .returns(Reason.SCALING_DISABLED, ScalingDecision::reason);
    assertThat(advisor.advise(NOW, 3, silent))
        .returns(3, ScalingDecision::replicas)
        .returns(Reason.NO_METRICS, ScalingDecision::reason);
  }

  @Test
  void advise_inDisabledDirection_stays() {
    ScalingPolicy base = ScalingPolicy.kubernetesDefaults(1, 100, 10);
    var policy = new ScalingPolicy(1, 100, 10, base.scaleUp(), ScalingRules.disabled());
    var advisor = new ScalingAdvisor(policy);

    advisor.advise(NOW, 20, 10.0);
    ScalingDecision later = advisor.advise(NOW.plusSeconds(3600), 20, 10.0);

    assertThat(later)
        .returns(1, ScalingDecision::stabilized)
        .returns(20, ScalingDecision::replicas)
        .returns(Reason.SCALE_DOWN_LIMIT, ScalingDecision::reason);
  }

  @Test
  void advise_afterLongSilence_doesNotTakeTheReplicasForARecommendation() {
    var advisor = new ScalingAdvisor(ScalingPolicy.kubernetesDefaults(1, 100, 10));
    advisor.advise(NOW, 20, 200.0);

    ScalingDecision later = advisor.advise(NOW.plusSeconds(3600), 20, 10.0);

    assertThat(later.stabilized()).isEqualTo(1);
  }

  @Test
  void build_ofNonsense_namesTheValue() {
    Duration minute = Duration.ofMinutes(1);
    assertThatThrownBy(() -> ScalingLimit.pods(0, minute))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("0");
    assertThatThrownBy(() -> ScalingLimit.percent(10, Duration.ofHours(1)))
        .hasMessageContaining("PT1H");
    assertThatThrownBy(() -> ScalingRules.of(Duration.ofHours(2), Select.MAX))
        .hasMessageContaining("PT2H");
    assertThatThrownBy(() -> ScalingRules.of(minute, Select.MAX)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new ScalingRules(minute, Select.DISABLED, List.of(), Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> ScalingPolicy.caseStudy(5, 4)).hasMessageContaining("max 4");
    assertThatThrownBy(() -> ScalingPolicy.kubernetesDefaults(1, 2, Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new PodLoads(List.of(-0.5), 0, 0)).hasMessageContaining("-0.5");
    assertThatThrownBy(() -> new PodLoads(List.of(), -1, 0)).hasMessageContaining("-1");
    ScalingPolicy policy = ScalingPolicy.caseStudy(1, 2);
    assertThatThrownBy(() -> ScalingAdvisor.simulate(policy, NOW, Duration.ZERO, 1, List.of(1.0)))
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> new ScalingAdvisor(policy).advise(NOW, -1, 1.0))
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> new ScalingAdvisor(policy).advise(NOW, 1, Double.NaN))
        .hasMessageContaining("NaN");
  }

  private static ScalingRules rules(JsonNode json) {
    var limits = new ArrayList<ScalingLimit>();
    for (JsonNode p : json.get("policies")) {
      Duration period = Duration.ofSeconds(p.get(2).asLong());
      limits.add(
          p.get(0).asText().equals("Pods")
              ? ScalingLimit.pods(p.get(1).asInt(), period)
              : ScalingLimit.percent(p.get(1).asInt(), period));
    }
    return new ScalingRules(
        Duration.ofSeconds(json.get("stabilization").asLong()),
        Select.valueOf(json.get("select").asText().toUpperCase(java.util.Locale.ROOT)),
        limits,
        ScalingRules.DEFAULT_TOLERANCE);
  }

  private static String camel(Reason reason) {
    var name = new StringBuilder();
    for (String word : reason.name().split("_", -1)) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }
}
