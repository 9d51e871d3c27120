package dev.mlops.benchmarks.abtest;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.FileData;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** LaunchDarkly's server SDK on a file data source. */
@State(Scope.Benchmark)
public class LaunchDarklyAssign {
  private static final String FLAGS = """
      {"flags":{"exp":{"key":"exp","version":1,"on":true,"salt":"abc","variations":["a","b"],
       "offVariation":0,"fallthrough":{"rollout":{"kind":"experiment","contextKind":"user","seed":61,
       "variations":[{"variation":0,"weight":50000},{"variation":1,"weight":50000}]}}}}}
      """;

  private final Units units = new Units();

  @SuppressWarnings("NullAway.Init")
  private LDClient client;

  /**
   * Starts the client and checks the split.
   *
   * @throws IOException if the flag file cannot be written
   */
  @Setup
  public void start() throws IOException {
    LDConfig config = new LDConfig.Builder()
        .dataSource(FileData.dataSource().filePaths(Units.file(".json", FLAGS)))
        .events(Components.noEvents())
        .logging(Components.noLogging())
        .diagnosticOptOut(true)
        .build();
    client = new LDClient("sdk-key", config);
    units.check("a", "b", this::variant);
  }

  /**
   * Stops the client.
   *
   * @throws IOException if that fails
   */
  @TearDown
  public void stop() throws IOException {
    client.close();
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
    return client.stringVariation("exp", LDContext.create(unit), "none");
  }
}
