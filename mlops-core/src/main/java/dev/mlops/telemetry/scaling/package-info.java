/**
 * What Kubernetes' HorizontalPodAutoscaler (autoscaling/v2) would do with a load signal, computed
 * in process: to try a policy on recorded traffic before it is deployed.
 */
@NullMarked
package dev.mlops.telemetry.scaling;

import org.jspecify.annotations.NullMarked;
