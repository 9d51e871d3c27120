package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.alert.AlertRule.Severity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookAlertSinkTest {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void accept_postsSignedJson() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 200, Map.of());
        var sink = WebhookAlertSink.builder(receiver.url()).secret(SECRET).build()) {
      sink.accept(alert(1));

      WebhookReceiver.Request request = take(receiver);

      assertThat(new ObjectMapper().readTree(request.body()))
          .isEqualTo(new ObjectMapper().readTree("""
                      {"formatVersion":1,"id":"fraud/R/1/FIRING","rule":"R","model":"fraud",
                       "state":"FIRING","severity":"critical","summary":"say \\"no\\"",
                       "at":"2026-01-01T00:00:00Z","activeAt":"2026-01-01T00:00:00Z",
                       "value":0.5,"threshold":0.05}
                      """));
      assertThat(request.header("content-type")).isEqualTo("application/json");
      assertThat(request.header("webhook-id")).isEqualTo("fraud/R/1/FIRING");
      String signed = request.header("webhook-id")
          + "."
          + request.header("webhook-timestamp")
          + "."
          + request.body();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      assertThat(request.header("webhook-signature"))
          .isEqualTo("v1,"
              + Base64.getEncoder()
                  .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
    }
  }

  @Test
  void accept_whileTheReceiverIsDown_deliversWhenItIsBackOnceEachInOrder() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 204, Map.of())) {
      receiver.goDown();
      var sink = WebhookAlertSink.builder(receiver.url())
          .retry(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofHours(1))
          .build();
      for (int i = 0; i < 50; i++) {
        sink.accept(alert(i));
      }
      assertThat(sink.delivered()).isZero();
      assertThat(sink.pending()).isEqualTo(50);

      receiver.comeBack();
      var ids = new ArrayList<String>();
      for (int i = 0; i < 50; i++) {
        ids.add(take(receiver).header("webhook-id"));
      }
      sink.close();

      assertThat(ids)
          .containsExactlyElementsOf(
              IntStream.range(0, 50).mapToObj(i -> "fraud/R/" + i + "/FIRING").toList());
      assertThat(receiver.taken).isEmpty();
      assertThat(sink.delivered()).isEqualTo(50);
      assertThat(sink.dropped()).isZero();
    }
  }

  @Test
  void accept_whileTheReceiverIsUnwilling_triesAgainWithoutRepeating() throws Exception {
    Iterator<Integer> answers = List.of(503, 429, 500, 408, 200, 302, 400, 202).iterator();
    try (var receiver = new WebhookReceiver(answers::next, Map.of("Retry-After", "0"))) {
      var sink = WebhookAlertSink.builder(receiver.url())
          .retry(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofHours(1))
          .build();
      for (int i = 0; i < 4; i++) {
        sink.accept(alert(i));
      }

      assertThat(take(receiver).header("webhook-id")).isEqualTo("fraud/R/0/FIRING");
      assertThat(take(receiver).header("webhook-id")).isEqualTo("fraud/R/3/FIRING");
      sink.close();

      assertThat(sink.delivered()).isEqualTo(2);
      assertThat(sink.dropped()).isEqualTo(2);
    }
  }

  @Test
  void accept_ofAnIdThatNoHeaderCanHold_dropsItAndDeliversTheNext() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 200, Map.of());
        var sink = WebhookAlertSink.builder(receiver.url()).build()) {
      sink.accept(new Alert(
          "mod\u00e8le\n/R/0/FIRING",
          "R",
          "mod\u00e8le",
          AlertState.FIRING,
          Severity.CRITICAL,
          "",
          AT,
          AT,
          1,
          0));
      sink.accept(alert(1));

      assertThat(take(receiver).header("webhook-id")).isEqualTo("fraud/R/1/FIRING");
      assertThat(sink.dropped()).isEqualTo(1);
    }
  }

  @Test
  void close_deliversWhatTheReceiverTakes() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 200, Map.of())) {
      var sink = WebhookAlertSink.builder(receiver.url()).build();
      for (int i = 0; i < 20; i++) {
        sink.accept(alert(i));
      }

      sink.close();

      assertThat(receiver.taken).hasSize(20);
      assertThat(sink.pending()).isZero();
    }
  }

  @Test
  void accept_beyondTheCapacity_dropsAndCounts() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 200, Map.of())) {
      receiver.goDown();
      var sink = WebhookAlertSink.builder(receiver.url()).capacity(3).build();

      for (int i = 0; i < 10; i++) {
        sink.accept(alert(i));
      }

      assertThat(sink.pending()).isEqualTo(3);
      assertThat(sink.dropped()).isEqualTo(7);
      sink.close();
    }
  }

  @Test
  void build_ofNonsense_namesTheValueButNoSecret() {
    URI local = URI.create("http://localhost:1/hook");
    assertThatThrownBy(() -> build("http://example.com/hook"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'http'");
    assertThatThrownBy(() -> build("file:///etc/passwd")).hasMessageContaining("'file'");
    assertThatThrownBy(() -> build("/relative")).hasMessageContaining("https");
    assertThatThrownBy(
            () -> WebhookAlertSink.builder(local).secret("secret".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("got 6")
        .hasMessageNotContaining("secret'");
    assertThatThrownBy(() -> WebhookAlertSink.builder(local).capacity(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> WebhookAlertSink.builder(local).timeout(Duration.ZERO))
        .hasMessageContaining("PT0S");
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    assertThatThrownBy(() -> WebhookAlertSink.builder(local).retry(ever, ever, ever))
        .hasMessageContaining("PT8760H");
    WebhookAlertSink.builder(URI.create("http://alerts.internal/"))
        .allowPlainHttp()
        .build()
        .close();
  }

  private static void build(String url) {
    WebhookAlertSink.builder(URI.create(url)).build().close();
  }

  private static WebhookReceiver.Request take(WebhookReceiver receiver) throws Exception {
    return requireNonNull(receiver.taken.poll(30, TimeUnit.SECONDS), "nothing arrived in 30 s");
  }

  private static Alert alert(int number) {
    return new Alert(
        "fraud/R/" + number + "/FIRING",
        "R",
        "fraud",
        AlertState.FIRING,
        Severity.CRITICAL,
        "say \"no\"",
        AT,
        AT,
        0.5,
        0.05);
  }
}
