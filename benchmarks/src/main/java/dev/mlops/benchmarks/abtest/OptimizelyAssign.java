package dev.mlops.benchmarks.abtest;

import com.optimizely.ab.Optimizely;
import com.optimizely.ab.optimizelydecision.OptimizelyDecideOption;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Optimizely's SDK on a data file, without decision events. */
@State(Scope.Benchmark)
public class OptimizelyAssign {
  private static final String DATAFILE = """
      {"version":"4","projectId":"1","accountId":"1","revision":"1","anonymizeIP":true,
       "botFiltering":false,"typedAudiences":[],"audiences":[],"attributes":[],"variables":[],
       "groups":[],"events":[],"rollouts":[],"sdkKey":"k","environmentKey":"production",
       "featureFlags":[{"id":"10","key":"exp","rolloutId":"","experimentIds":["100"],
       "variables":[]}],
       "experiments":[{"id":"100","key":"exp_rule","status":"Running","layerId":"7",
       "audienceIds":[],"forcedVariations":{},"variations":[
       {"id":"1001","key":"a","featureEnabled":true,"variables":[]},
       {"id":"1002","key":"b","featureEnabled":true,"variables":[]}],
       "trafficAllocation":[{"entityId":"1001","endOfRange":5000},
       {"entityId":"1002","endOfRange":10000}]}]}
      """;
  private static final List<OptimizelyDecideOption> OPTIONS = List.of(
      OptimizelyDecideOption.DISABLE_DECISION_EVENT, OptimizelyDecideOption.EXCLUDE_VARIABLES);

  private final Units units = new Units();

  @SuppressWarnings("NullAway.Init")
  private Optimizely client;

  /** Starts the client and checks the split. */
  @Setup
  public void start() {
    client = Optimizely.builder().withDatafile(DATAFILE).build();
    units.check("a", "b", this::variant);
  }

  /** Stops the client. */
  @TearDown
  public void stop() {
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
    String variant = client.createUserContext(unit).decide("exp", OPTIONS).getVariationKey();
    return variant == null ? "none" : variant;
  }
}
