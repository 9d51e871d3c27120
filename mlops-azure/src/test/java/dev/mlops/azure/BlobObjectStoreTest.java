package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import dev.mlops.azure.internal.RetryAfter;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.FaultyProxy;
import dev.mlops.azure.peer.FaultyProxy.Fault;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import dev.mlops.testing.Check;
import dev.mlops.testing.ObjectStoreContract;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

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
  void builder_refusesWhatIsNoContainerUrlWithoutShowingIt() {
    for (String wrong : List.of(
        "account.blob.core.windows.net/container?sig=PLANTED",
        "//account.blob.core.windows.net/container?sig=PLANTED",
        "ftp://account.blob.core.windows.net/container?sig=PLANTED",
        "https://PLANTED:x@account.blob.core.windows.net/container",
        "https://account.blob.core.windows.net/?sig=PLANTED",
        "https:///container?sig=PLANTED",
        "https://account.blob.core.windows.net/container?sig=PLANTED with blanks",
        "https://account.blob.core.windows.net/container?se=PLANTED&sig=PLANTED",
        "sig=PLANTED")) {
      assertThatThrownBy(() -> BlobObjectStore.builder(wrong).build())
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("https://account.blob.core.windows.net/container;")
          .hasMessageNotContaining("PLANTED")
          .hasNoCause();
    }
  }

  @Test
  void get_ofMoreThanItMayHave_letsGoOfTheConnection() {
    AtomicBoolean cancelled = new AtomicBoolean();
    HttpHeaders headers = new HttpHeaders().set(HttpHeaderName.CONTENT_LENGTH, "1000");
    ObjectStore store = BlobObjectStore.builder("http://127.0.0.1/account/container")
        .httpClient(request -> Mono.just(new HttpResponse(request) {
          @Override
          public int getStatusCode() {
            return 200;
          }

          @Override
          @Deprecated
          public String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
          }

          @Override
          public HttpHeaders getHeaders() {
            return headers;
          }

          @Override
          public Flux<ByteBuffer> getBody() {
            return Flux.<ByteBuffer>generate(sink -> sink.next(ByteBuffer.allocate(10)))
                .doOnCancel(() -> cancelled.set(true));
          }

          @Override
          public Mono<byte[]> getBodyAsByteArray() {
            return Mono.never();
          }

          @Override
          public Mono<String> getBodyAsString() {
            return Mono.never();
          }

          @Override
          public Mono<String> getBodyAsString(Charset charset) {
            return Mono.never();
          }
        }))
        .build();

    assertThatThrownBy(() -> store.get("k", 999))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("1000 bytes");
    assertThat(cancelled).isTrue();
  }

  @Test
  void retryAfter_isSecondsOrADate() {
    Instant now = Instant.parse("2026-01-01T00:00:00.200Z");
    assertThat(RetryAfter.parse("3", now)).hasValue(Duration.ofSeconds(3));
    assertThat(RetryAfter.parse("Thu, 01 Jan 2026 00:00:30 GMT", now))
        .hasValue(Duration.ofSeconds(30));
    assertThat(RetryAfter.parse("Wed, 31 Dec 2025 23:59:00 GMT", now)).hasValue(Duration.ZERO);
    assertThat(RetryAfter.parse("999999999999999999", now)).hasValue(Duration.ofDays(1));
    for (String neither : List.of("", "-1", "soon", "9999999999999999999")) {
      assertThat(RetryAfter.parse(neither, now)).isEmpty();
    }
    assertThat(RetryAfter.parse(null, now)).isEmpty();
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
