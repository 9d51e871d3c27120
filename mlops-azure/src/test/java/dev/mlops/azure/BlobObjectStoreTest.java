package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.FaultyProxy;
import dev.mlops.azure.peer.FaultyProxy.Fault;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.Check;
import dev.mlops.testing.ObjectStoreContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlobObjectStoreTest {
  private static final boolean LONG = Boolean.getBoolean("mlops.long");
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  private static ObjectStore fresh(int port) {
    return BlobObjectStore.builder(
            Azurite.connectionString(port), "c" + UUID.randomUUID().toString().substring(0, 18))
        .createContainer()
        .prefix("registry/")
        .build();
  }

  /** Thousands of large reads through a bad proxy take most of a minute: not in every build. */
  private static boolean inThisBuild(Check check, int port) {
    return port == Azurite.shared().port()
        || LONG
        || !check.name().equals("readers never see part of an object");
  }

  private static Stream<DynamicTest> contract(int port) {
    return ObjectStoreContract.checks(() -> fresh(port)).stream()
        .filter(check -> inThisBuild(check, port))
        .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
  }

  @TestFactory
  Stream<DynamicTest> contract_holds() {
    return contract(Azurite.shared().port());
  }

  @TestFactory
  Stream<DynamicTest> contract_holdsWhenAQuarterOfTheRepliesIsLost() {
    var proxy = new FaultyProxy(Azurite.shared().port(), Fault.LOST_REPLY, 0.25, 17);
    return contract(proxy.port()).onClose(proxy::close);
  }

  @TestFactory
  Stream<DynamicTest> contract_holdsWhenAQuarterOfTheRequestsIsThrottled() {
    var proxy = new FaultyProxy(Azurite.shared().port(), Fault.THROTTLED, 0.25, 19);
    return contract(proxy.port()).onClose(proxy::close);
  }

  @TestFactory
  Stream<DynamicTest> contract_holdsWhenAQuarterOfTheRepliesIsCut() {
    var proxy = new FaultyProxy(Azurite.shared().port(), Fault.CUT_REPLY, 0.25, 21);
    return contract(proxy.port())
        // Each of hundreds of refusals has a body, and a cut one is asked for again: in the long
        // form.
        .filter(test -> LONG || !test.getDisplayName().startsWith("of concurrent puts"))
        .onClose(proxy::close);
  }

  /** The contract's last rule in short: it takes most of a minute through a bad proxy. */
  @ParameterizedTest
  @EnumSource(Fault.class)
  void readers_overABadConnection_neverSeePartOfAnObject(Fault fault) throws Exception {
    byte[] content = new byte[200_000];
    new Random(29).nextBytes(content);
    var threads = Executors.newFixedThreadPool(4);
    try (var proxy = new FaultyProxy(Azurite.shared().port(), fault, 0.25, 31);
        ObjectStore store = fresh(proxy.port())) {
      int whole = 0;
      for (int round = 0; round < (LONG ? 8 : 2); round++) {
        String key = "torn/" + round;
        List<Future<List<byte[]>>> readers = new ArrayList<>();
        for (int reader = 0; reader < 3; reader++) {
          readers.add(threads.submit(() -> Stream.generate(() -> store.get(key))
              .limit(4)
              .flatMap(Optional::stream)
              .toList()));
        }
        assertThat(store.putIfAbsent(key, content)).isTrue();
        assertThat(store.get(key)).hasValue(content);
        for (var reader : readers) {
          for (byte[] seen : reader.get()) {
            assertThat(seen).isEqualTo(content);
            whole++;
          }
        }
      }
      assertThat(proxy.faults()).isPositive();
      assertThat(whole).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void retryAfter_isWaitedFor() {
    try (var proxy =
            new FaultyProxy(Azurite.shared().port(), Fault.THROTTLED_FOR_A_SECOND, 0.4, 37);
        ObjectStore store = fresh(proxy.port())) {
      for (int i = 0; i < 5; i++) {
        assertThat(store.putIfAbsent("k/" + i, CONTENT)).isTrue();
        assertThat(store.get("k/" + i)).hasValue(CONTENT);
      }

      assertThat(proxy.faults()).isPositive();
      assertThat(proxy.early()).isZero();
    }
  }

  @Test
  void putIfAbsent_whenRepliesAreLost_saysTrueForItsOwnWriteOnly() {
    try (var proxy = new FaultyProxy(Azurite.shared().port(), Fault.LOST_REPLY, 0.25, 23);
        ObjectStore store = fresh(proxy.port())) {
      List<Boolean> first = new ArrayList<>();
      List<Boolean> second = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        first.add(store.putIfAbsent("k/" + i, ("a" + i).getBytes(StandardCharsets.UTF_8)));
        second.add(store.putIfAbsent("k/" + i, ("b" + i).getBytes(StandardCharsets.UTF_8)));
      }

      assertThat(proxy.faults()).isGreaterThan(10);
      assertThat(first).doesNotContain(false);
      assertThat(second).doesNotContain(true);
    }
  }

  @Test
  void store_thatIsThrottledForGood_isUnavailableWithinItsTimeout() {
    ObjectStore working = fresh(Azurite.shared().port());
    working.putIfAbsent("k", CONTENT);
    try (var proxy = new FaultyProxy(Azurite.shared().port(), Fault.THROTTLED, 1, 1)) {
      ObjectStore store = BlobObjectStore.builder(Azurite.connectionString(proxy.port()), "c")
          .timeout(Duration.ofSeconds(1))
          .build();
      long start = System.nanoTime();

      assertThatThrownBy(() -> store.get("k"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("reading k in container 'c' did not succeed within PT1S");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void store_whoseServiceIsGone_isUnavailable() {
    ObjectStore store = BlobObjectStore.builder(Azurite.connectionString(Azurite.freePort()), "c")
        .timeout(Duration.ofMillis(600))
        .build();

    assertThatThrownBy(() -> store.putIfAbsent("k", CONTENT))
        .isInstanceOf(UnavailableException.class)
        .hasMessageNotContaining("Eby8");
  }

  @Test
  void store_withoutItsContainer_saysSo() {
    ObjectStore store = BlobObjectStore.builder(Azurite.shared().connectionString(), "never-made")
        .build();

    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("container 'never-made' does not exist");
    assertThatThrownBy(() -> store.getLeading(List.of("k"), 1))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> store.putIfAbsent("k", CONTENT)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void store_withAWrongKey_isRefusedWithoutShowingIt() {
    String wrong = Azurite.shared().connectionString().replace("Eby8vdM02xNO", "PLANTEDSECRE");
    ObjectStore store = BlobObjectStore.builder(wrong, "container").build();

    assertThatThrownBy(() -> store.get("k"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("403")
        .hasMessageNotContaining("PLANTED");
    assertThat(store.toString()).doesNotContain("PLANTED");
    assertThatThrownBy(() -> BlobObjectStore.builder("PLANTEDSECRET", "c").build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageNotContaining("PLANTED")
        .hasNoCause();
  }

  @Test
  void restart_ofTheService_losesNothingAndIsWaitedFor() {
    try (Azurite azurite = Azurite.start();
        ObjectStore store = fresh(azurite.port())) {
      store.putIfAbsent("before", CONTENT);
      azurite.restart();

      assertThat(store.get("before")).hasValue(CONTENT);
      assertThat(store.putIfAbsent("before", CONTENT)).isFalse();
      assertThat(store.putIfAbsent("after", CONTENT)).isTrue();
    }
  }
}
