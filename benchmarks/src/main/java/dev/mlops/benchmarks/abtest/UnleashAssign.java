package dev.mlops.benchmarks.abtest;

import io.getunleash.DefaultUnleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import java.io.IOException;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Unleash's SDK on a bootstrap, without polling or metrics. */
@State(Scope.Benchmark)
public class UnleashAssign {
  private static final String FEATURES = """
      {"version":2,"features":[{"name":"exp","type":"experiment","enabled":true,"variants":[],
       "strategies":[{"name":"flexibleRollout","constraints":[],
       "parameters":{"rollout":"100","stickiness":"userId","groupId":"exp"},"variants":[
       {"name":"a","weight":500,"weightType":"variable","stickiness":"userId"},
       {"name":"b","weight":500,"weightType":"variable","stickiness":"userId"}]}]}]}
      """;

  private final Units units = new Units();

  @SuppressWarnings("NullAway.Init")
  private DefaultUnleash client;

  /**
   * Starts the client and checks the split.
   *
   * @throws IOException if the backup file cannot be made
   */
  @Setup
  public void start() throws IOException {
    UnleashConfig config = UnleashConfig.builder()
        .appName("benchmark")
        .instanceId("one")
        .unleashAPI("http://127.0.0.1:1/api")
        .backupFile(Units.file(".backup", FEATURES).toString())
        .toggleBootstrapProvider(() -> Optional.of(FEATURES))
        .disablePolling()
        .disableMetrics()
        .build();
    client = new DefaultUnleash(config);
    units.check("a", "b", this::variant);
  }

  /** Stops the client. */
  @TearDown
  public void stop() {
    client.shutdown();
  }

  /**
   * One assignment.
   *
   * @return the variant
   */
  @Benchmark
  public String assign() {
    return variant(units.next());
  }

  private String variant(String unit) {
    return client
        .getVariant("exp", UnleashContext.builder().userId(unit).build())
        .getName();
  }
}
