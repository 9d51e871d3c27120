package dev.mlops.telemetry.alert.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.telemetry.alert.WebhookReceiver;
import dev.mlops.telemetry.alert.internal.DeliveryQueue.Backoff;
import dev.mlops.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofDays(1));
  private static final Delivery.Result LATER = new Delivery.Later("down", Duration.ZERO);

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final ArrayList<String> attempted = new ArrayList<>();
  private final ArrayDeque<Delivery.Result> answers = new ArrayDeque<>();

  @Test
  void run_withAReceiverDownForAnHour_deliversEveryAlertAfterwardsOnce() throws Exception {
    try (var receiver = new WebhookReceiver(() -> 204, Map.of())) {
      var attempts = new AtomicInteger();
      var http = new HttpDelivery(receiver.url(), Duration.ofSeconds(5), new byte[0], clock);
      var queue = queue(1000, message -> {
        attempts.incrementAndGet();
        return http.attempt(message);
      });
      queue.offer(message(0));
      queue.run();
      receiver.goDown();
      for (int second = 1; second <= 3600; second++) {
        clock.advance(Duration.ofSeconds(1));
        if (second % 60 == 0) {
          queue.offer(message(second / 60));
        }
        queue.run();
      }
      assertThat(receiver.taken).hasSize(1);
      assertThat(queue.pending()).isEqualTo(60);
      assertThat(attempts.get()).isBetween(120, 260);
      int whileDown = attempts.get();

      receiver.comeBack();
      for (int second = 0; second < 30; second++) {
        clock.advance(Duration.ofSeconds(1));
        queue.run();
      }

      assertThat(receiver.taken)
          .extracting(r -> r.header("webhook-id"))
          .containsExactlyElementsOf(
              IntStream.rangeClosed(0, 60).mapToObj(i -> "id" + i).toList());
      assertThat(attempts.get()).isEqualTo(whileDown + 60);
      assertThat(queue.pending()).isZero();
      assertThat(queue.delivered()).isEqualTo(61);
      assertThat(queue.dropped()).isZero();
    }
  }

  @Test
  void run_afterAFailure_waitsTwiceAsLongUpToTheBound() {
    DeliveryQueue queue = queue(10, scripted());
    queue.offer(message(1));

    for (int attempt = 0; attempt < 12; attempt++) {
      answers.add(LATER);
      long millis = queue.run().orElseThrow().toMillis();
      long doubled = Math.min(30_000, 1000L << attempt);
      assertThat(millis).isBetween(doubled / 2, doubled);
      clock.advance(Duration.ofMillis(millis - 1));
      assertThat(queue.run()).hasValue(Duration.ofMillis(1));
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(attempted).hasSize(12);
  }

  @Test
  void run_afterRetryAfter_waitsAtLeastThatLong() {
    DeliveryQueue queue = queue(10, scripted());
    queue.offer(message(1));
    answers.add(new Delivery.Later("busy", Duration.ofMinutes(3)));

    assertThat(queue.run()).hasValue(Duration.ofMinutes(3));
  }

  @Test
  void run_afterARefusal_goesOnWithTheNext() {
    DeliveryQueue queue = queue(10, scripted());
    queue.offer(message(1));
    queue.offer(message(2));
    answers.add(new Delivery.Refused("gone"));
    answers.add(new Delivery.Delivered());

    assertThat(queue.run()).isEmpty();

    assertThat(attempted).containsExactly("id1", "id2");
    assertThat(queue.delivered()).isEqualTo(1);
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void run_afterAnException_goesOnWithTheNext() {
    DeliveryQueue queue = queue(10, message -> {
      attempted.add(message.id());
      if (message.id().equals("id1")) {
        throw new IllegalArgumentException("invalid header value");
      }
      return new Delivery.Delivered();
    });
    queue.offer(message(1));
    queue.offer(message(2));

    assertThat(queue.run()).isEmpty();

    assertThat(attempted).containsExactly("id1", "id2");
    assertThat(queue.delivered()).isEqualTo(1);
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void run_afterAnError_triesAgainLater() {
    DeliveryQueue queue = queue(10, message -> {
      attempted.add(message.id());
      if (attempted.size() == 1) {
        throw new OutOfMemoryError();
      }
      return new Delivery.Delivered();
    });
    queue.offer(message(1));

    clock.advance(queue.run().orElseThrow());

    assertThat(queue.run()).isEmpty();
    assertThat(queue.delivered()).isEqualTo(1);
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void run_whenTheHeadIsTooOld_dropsIt() {
    DeliveryQueue queue = queue(10, scripted());
    queue.offer(message(1));
    clock.advance(Duration.ofDays(1).plusSeconds(1));
    answers.add(LATER);

    assertThat(queue.run()).isEmpty();

    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void offer_toAFullQueue_dropsTheNewAndKeepsTheOrder() {
    DeliveryQueue queue = queue(2, scripted());
    for (int i = 1; i <= 3; i++) {
      queue.offer(message(i));
    }
    answers.add(new Delivery.Delivered());
    answers.add(new Delivery.Delivered());

    queue.run();

    assertThat(attempted).containsExactly("id1", "id2");
    assertThat(queue.dropped()).isEqualTo(1);
  }

  private DeliveryQueue queue(int capacity, Delivery delivery) {
    return new DeliveryQueue(capacity, delivery, BACKOFF, clock, new SplittableRandom(7));
  }

  private Delivery scripted() {
    return message -> {
      attempted.add(message.id());
      return answers.remove();
    };
  }

  private static Message message(int number) {
    return new Message("id" + number, "{}");
  }
}
