package dev.mlops.benchmarks.abtest;

import com.statsig.sdk.GetExperimentOptions;
import com.statsig.sdk.Statsig;
import com.statsig.sdk.StatsigOptions;
import com.statsig.sdk.StatsigUser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Statsig's server SDK on bootstrap values; its network address is a closed loopback port. */
@State(Scope.Benchmark)
public class StatsigAssign {
  private static final String VALUES = """
      {"has_updates":true,"time":1700000000000,"feature_gates":[],"layer_configs":[],"layers":{},
       "id_lists":{},"diagnostics":{},"dynamic_configs":[{"name":"exp","type":"dynamic_config",
       "salt":"s1","enabled":true,"defaultValue":{},"isDeviceBased":false,"idType":"userID",
       "entity":"experiment","isActive":true,"hasSharedParams":false,
       "explicitParameters":["group"],"rules":[
       {"name":"a","groupName":"a","id":"ra","salt":"ra","passPercentage":100,"idType":"userID",
        "isDeviceBased":false,"isExperimentGroup":true,"returnValue":{"group":"a"},"conditions":[
        {"type":"user_bucket","targetValue":500,"operator":"lt","field":null,
         "additionalValues":{"salt":"s1"},"isDeviceBased":false,"idType":"userID"}]},
       {"name":"b","groupName":"b","id":"rb","salt":"rb","passPercentage":100,"idType":"userID",
        "isDeviceBased":false,"isExperimentGroup":true,"returnValue":{"group":"b"},"conditions":[
        {"type":"user_bucket","targetValue":1000,"operator":"lt","field":null,
         "additionalValues":{"salt":"s1"},"isDeviceBased":false,"idType":"userID"}]}]}]}
      """;

  /** Without logging the exposure. */
  private static final GetExperimentOptions SILENT = new GetExperimentOptions();

  private final Units units = new Units();

  /**
   * Starts the client and checks the split.
   *
   * @throws Exception if it does not start
   */
  @Setup
  public void start() throws Exception {
    SILENT.setDisableExposureLogging(true);
    StatsigOptions options = new StatsigOptions();
    options.setApi("http://127.0.0.1:1/v1");
    options.setBootstrapValues(VALUES);
    options.setDisableAllLogging(true);
    options.setDisableDiagnostics(true);
    Statsig.initializeAsync("secret-key", options).get();
    units.check("a", "b", StatsigAssign::variant);
  }

  /** Stops the client. */
  @TearDown
  public void stop() {
    Statsig.shutdown();
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

  private static String variant(String unit) {
    String group =
        Statsig.getExperimentSync(new StatsigUser(unit), "exp", SILENT).getString("group", "none");
    return group == null ? "none" : group;
  }
}
