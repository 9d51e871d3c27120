package dev.mlops.benchmarks.abtest;

import io.split.client.SplitClient;
import io.split.client.SplitClientConfig;
import io.split.client.SplitFactory;
import io.split.client.SplitFactoryBuilder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Split's SDK in localhost mode. */
@State(Scope.Benchmark)
public class SplitAssign {
  private static final String SPLITS = """
      {"ff":{"s":-1,"t":1660326991072,"d":[{"trafficTypeName":"user","name":"exp",
       "trafficAllocation":100,
       "trafficAllocationSeed":-1364119282,"seed":-605938843,"status":"ACTIVE","killed":false,
       "defaultTreatment":"off","changeNumber":1660326991072,"algo":2,"configurations":{},"sets":[],
       "conditions":[{"conditionType":"ROLLOUT","matcherGroup":{"combiner":"AND","matchers":[
       {"keySelector":{"trafficType":"user","attribute":null},"matcherType":"ALL_KEYS",
       "negate":false}]},"partitions":[{"treatment":"a","size":50},{"treatment":"b","size":50}],
       "label":"default rule"}]}]},"rbs":{"s":-1,"t":-1,"d":[]}}
      """;

  private final Units units = new Units();

  @SuppressWarnings("NullAway.Init")
  private SplitFactory factory;

  @SuppressWarnings("NullAway.Init")
  private SplitClient client;

  /**
   * Starts the client and checks the split.
   *
   * @throws Exception if the client does not become ready
   */
  @Setup
  public void start() throws Exception {
    SplitClientConfig config = SplitClientConfig.builder()
        .splitFile(Units.file(".json", SPLITS).toString())
        .setBlockUntilReadyTimeout(10_000)
        .build();
    factory = SplitFactoryBuilder.build("localhost", config);
    client = factory.client();
    client.blockUntilReady();
    units.check("a", "b", unit -> client.getTreatment(unit, "exp"));
  }

  /** Stops the client. */
  @TearDown
  public void stop() {
    factory.destroy();
  }

  /**
   * One assignment.
   *
   * @return the variant
   */
  @Benchmark
  public String assign() {
    return client.getTreatment(units.next(), "exp");
  }
}
