package dev.mlops.abtest.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.abtest.Assigner;
import dev.mlops.abtest.Experiment;
import dev.mlops.abtest.HashScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values published with the test suites of the products whose hashes are reproduced. */
class LegacyHashTest {
  /** GrowthBook SDK test cases, spec 0.5.4, section "hash". */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``,a,1,220",
        "``,b,1,77",
        "b,a,1,946",
        "ef,d,1,652",
        "asdf,8952klfjas09ujk,1,549",
        "``,123,1,11",
        "``,`___)((*\\\":&`,1,563",
        "seed,a,2,505",
        "seed,b,2,2696",
        "foo,ab,2,2575",
        "foo,def,2,2019",
        "89123klj,8952klfjas09ujkasdf,2,1240",
        "90850943850283058242805,123,2,7516",
        "()**(%$##$%#$#,`___)((*\\\":&`,2,128"
      })
  void growthBook(String seed, String unit, int version, int expected) {
    String id = unit.replace("\\\"", "\"");
    int actual =
        version == 1 ? LegacyHash.growthBookV1(seed, id) : LegacyHash.growthBookV2(seed, id);

    assertThat(actual).isEqualTo(expected);
  }

  /** Unleash client specification, 08-variants. */
  @ParameterizedTest
  @CsvSource({
    "Feature.Variants.B,2,1;1,1",
    "Feature.Variants.B,0,1;1,0",
    "Feature.Variants.C,232,33;33;33,0",
    "Feature.Variants.C,607,33;33;33,1",
    "Feature.Variants.C,656,33;33;33,2",
    "Feature.Variants.D,712,1;49;50,0",
    "Feature.Variants.D,525,1;49;50,1",
    "Feature.Variants.D,537,1;49;50,2",
    "Feature.Variants.override.D,388,33;33;34,1",
    "a,5,1;1,0",
    "a,0,1;1,1"
  })
  void unleash_variants(String feature, String unit, String weights, int expected) {
    assertThat(assigned(HashScheme.UNLEASH, feature, weights, 1, unit)).isEqualTo("v" + expected);
  }

  /** Unleash client specification, 10-flexible-rollout-strategy. */
  @ParameterizedTest
  @CsvSource({
    "Feature.flexibleRollout.10,174,0.10,true",
    "Feature.flexibleRollout.10,499,0.10,false",
    "Feature.flexibleRollout.userId.55,25,0.55,true",
    "Feature.flexibleRollout.sessionId.42,147,0.42,true"
  })
  void unleash_rollout(String group, String unit, double traffic, boolean expected) {
    String variant = assigned(HashScheme.UNLEASH, group, "1;1", traffic, unit);

    assertThat(!variant.equals("none")).isEqualTo(expected);
  }

  /** Rows of the Split SDK's murmur3-sample-data-v2: seed, key, hash, bucket. */
  @ParameterizedTest
  @CsvSource({
    "467569525,aUfEsdPN1twuEjff9Sl,2488980051,52",
    "467569525,EPxM1cYQnL4AuqD,397339578,79",
    "467569525,cMQGLKXz,1405947,48",
    "467569525,ddUcCegzwUCJmX5,2677457242,43",
    "454329083,iRgaIc0m,2195293900,1",
    "-692073065,WcVO2zpoIsE85ue,3495617097,98",
    "1682356354,ieNE0hCqbJN3hgKrbuY,3985915739,40",
    "-1426677740,GlHAWxEB2KzHldM,1586956347,48",
    "1112137978,eINpocb,2418147556,57",
    "-454093624,HW5cLFYydCcqyl1,1269496146,47",
    "1073369554,srYb6BSIm,3302529459,60",
    "341181774,a9TCNyY,3268339134,35",
    "-2135853992,LLLk4hWkH2epJURnN4p,249857851,52",
    "-1296084430,vsyKFq1b5cJC348,3513359761,62",
    "-1998268746,4VsUlHZo,3099737472,73"
  })
  void split(int seed, String key, long hash, int bucket) {
    assertThat(Murmur3.hash32(key, seed) & 0xffffffffL).isEqualTo(hash);
    assertThat(LegacyHash.split(seed, key)).isEqualTo(bucket);
  }

  /** Optimizely SDK bucketer test: bucketing id, experiment id, bucket. */
  @ParameterizedTest
  @CsvSource({
    "ppid1,1886780721,5254",
    "ppid2,1886780721,4299",
    "ppid2,1886780722,2434",
    "ppid3,1886780721,5439",
    "a very very very very very very very very very very very very very very very long ppd string,"
        + "1886780721,6128"
  })
  void optimizely(String unit, String experiment, int bucket) {
    assertThat(LegacyHash.optimizely(experiment, unit)).isEqualTo(bucket);
  }

  @Test
  void everyScheme_followsWeightsAndTraffic() {
    for (HashScheme scheme : HashScheme.values()) {
      String salt = scheme == HashScheme.SPLIT ? "123:456" : "my-salt";
      int in = 0;
      int second = 0;
      for (int i = 0; i < 100_000; i++) {
        String variant = assigned(scheme, salt, "70;30", 0.4, "unit-" + i);
        in += variant.equals("none") ? 0 : 1;
        second += variant.equals("v1") ? 1 : 0;
      }
      assertThat(in).as("%s traffic", scheme).isBetween(38_500, 41_500);
      assertThat((double) second / in).as("%s second variant", scheme).isBetween(0.28, 0.32);
    }
  }

  private static String assigned(
      HashScheme scheme, String salt, String weights, double traffic, String unit) {
    String[] parts = weights.split(";");
    Experiment.Builder builder =
        Experiment.builder("e").salt(salt).traffic(traffic).hashScheme(scheme);
    for (int i = 0; i < parts.length; i++) {
      if (i == 0) {
        builder.control("v0", Integer.parseInt(parts[0]));
      } else {
        builder.variant("v" + i, Integer.parseInt(parts[i]));
      }
    }
    return Assigner.of(builder.build()).assign(unit).variantOr("none");
  }
}
