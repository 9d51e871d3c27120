package dev.mlops.abtest.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import dev.mlops.abtest.ChildJvm;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million random strings, surrogates included, in JVMs with different default charsets. */
class GuavaAgreementTest {
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "US-ASCII"})
  void hash32_agreesWithGuava(String charset) throws Exception {
    ChildJvm.Result result = ChildJvm.run(Compare.class, "-Dfile.encoding=" + charset);

    assertThat(result.output()).contains("agreed on 1000000 strings under " + charset);
  }

  /** Runs in the child. */
  public static final class Compare {
    private Compare() {}

    public static void main(String[] args) {
      Random random = new Random(20261121);
      for (int i = 0; i < 1_000_000; i++) {
        String text = Murmur3Test.randomText(random);
        int seed = random.nextInt();
        int guava = Hashing.murmur3_32_fixed(seed)
            .hashString(text, StandardCharsets.UTF_8)
            .asInt();
        if (Murmur3.hash32(text, seed) != guava) {
          throw new AssertionError("case " + i + " differs");
        }
      }
      System.out.println("agreed on 1000000 strings under " + Charset.defaultCharset());
    }
  }
}
