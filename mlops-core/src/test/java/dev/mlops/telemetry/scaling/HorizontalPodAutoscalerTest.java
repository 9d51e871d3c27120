package dev.mlops.telemetry.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.Telemetry;
import org.junit.jupiter.api.Test;

class HorizontalPodAutoscalerTest {

  @Test
  void yaml_ofTheCaseStudy_isTheManifest() {
    String yaml = HorizontalPodAutoscaler.yaml(
        ScalingPolicy.caseStudy(2, 40), "fraud-api", Telemetry.REQUESTS_PER_SECOND);

    assertThat(yaml).isEqualTo("""
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: fraud-api
            spec:
              scaleTargetRef:
                apiVersion: apps/v1
                kind: Deployment
                name: fraud-api
              minReplicas: 2
              maxReplicas: 40
              metrics:
                - type: Pods
                  pods:
                    metric:
                      name: prediction_requests_per_second
                    target:
                      type: AverageValue
                      averageValue: 10
              behavior:
                scaleUp:
                  stabilizationWindowSeconds: 0
                  selectPolicy: Max
                  policies:
                    - type: Percent
                      value: 100
                      periodSeconds: 30
                    - type: Pods
                      value: 4
                      periodSeconds: 30
                scaleDown:
                  stabilizationWindowSeconds: 300
                  selectPolicy: Min
                  policies:
                    - type: Percent
                      value: 50
                      periodSeconds: 60
                    - type: Pods
                      value: 2
                      periodSeconds: 60
            """);
  }

  @Test
  void yaml_ofFractions_isInMilliUnits() {
    ScalingPolicy base = ScalingPolicy.kubernetesDefaults(1, 2, 2.5);
    var strict = new ScalingRules(
        base.scaleUp().stabilizationWindow(),
        base.scaleUp().select(),
        base.scaleUp().limits(),
        0.05);
    var policy = new ScalingPolicy(1, 2, 2.5, strict, ScalingRules.disabled());

    assertThat(HorizontalPodAutoscaler.yaml(policy, "a", "m"))
        .contains("averageValue: \"2500m\"", "tolerance: \"50m\"", "selectPolicy: Disabled");
  }

  @Test
  void yaml_ofNamesThatCouldWriteYaml_isRefused() {
    ScalingPolicy policy = ScalingPolicy.caseStudy(1, 2);

    assertThatThrownBy(() -> HorizontalPodAutoscaler.yaml(policy, "a\nkind: Secret", "m"))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> HorizontalPodAutoscaler.yaml(policy, "a", "m: x"))
        .isInstanceOf(InvalidInputException.class);
  }
}
