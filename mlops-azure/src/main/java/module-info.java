import org.jspecify.annotations.NullMarked;

/** Azure services behind the ports of the other modules. */
@NullMarked
module dev.mlops.azure {
  requires transitive dev.mlops.core;
  requires transitive dev.mlops.abtest;
  requires transitive com.azure.core;
  requires com.azure.identity;
  requires com.azure.security.keyvault.secrets;
  requires com.azure.storage.blob;
  requires com.azure.core.http.jdk.httpclient;
  requires com.azure.monitor.opentelemetry.autoconfigure;
  requires static com.azure.cosmos;
  requires com.fasterxml.jackson.databind;
  requires transitive io.opentelemetry.api;
  requires io.opentelemetry.sdk;
  requires io.opentelemetry.sdk.autoconfigure;
  requires io.opentelemetry.sdk.common;
  requires io.opentelemetry.sdk.logs;
  requires io.opentelemetry.sdk.metrics;
  requires io.opentelemetry.sdk.trace;
  requires transitive org.jspecify;
  requires org.slf4j;
  requires reactor.core;

  exports dev.mlops.azure;
}
