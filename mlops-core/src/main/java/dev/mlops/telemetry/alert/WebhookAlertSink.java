package dev.mlops.telemetry.alert;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.telemetry.alert.internal.AlertJson;
import dev.mlops.telemetry.alert.internal.DeliveryQueue;
import dev.mlops.telemetry.alert.internal.HttpDelivery;
import dev.mlops.telemetry.alert.internal.Message;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Posts alerts as JSON to one URL, in order, from a thread of its own. A receiver that is down
 * costs the caller nothing: alerts wait on a bounded queue and are tried again, after waits that
 * double up to half a minute, for a day. After an answer of 2xx an alert is never sent again; where
 * the answer got lost it is sent again with the same {@code webhook-id}, by which the receiver can
 * tell.
 *
 * <p>Answers of 408, 429 and 5xx and broken connections are tried again, {@code Retry-After} is
 * respected up to an hour; any other answer drops the alert. With a secret, requests are signed as
 * in the Standard Webhooks specification: {@code webhook-signature: v1,} and the Base64 of
 * HMAC-SHA256 over {@code id.timestamp.body}.
 *
 * <p>Safe for use by several threads. Close it: it owns a thread.
 */
public final class WebhookAlertSink implements AlertSink {
  private static final Duration LONGEST = Duration.ofDays(365); // doubled waits fit a long

  private final DeliveryQueue queue;
  private final Duration drain;
  private final Thread sender;
  private volatile boolean closed;

  private WebhookAlertSink(Builder builder) {
    var delivery =
        new HttpDelivery(builder.url, builder.timeout, builder.secret, Clock.systemUTC());
    queue = new DeliveryQueue(
        builder.capacity,
        delivery,
        builder.backoff,
        Clock.systemUTC(),
        RandomGenerator.getDefault());
    drain = builder.drain;
    sender = new Thread(this::send, "mlops-webhook");
    sender.setDaemon(true);
    sender.start();
  }

  /**
   * Starts to build a sink.
   *
   * @param url the receiver; {@code https}, or {@code http} to this machine
   * @return a builder
   */
  public static Builder builder(URI url) {
    return new Builder(url);
  }

  @Override
  public void accept(Alert alert) {
    queue.offer(new Message(alert.id(), AlertJson.write(alert)));
    LockSupport.unpark(sender);
  }

  private void send() {
    boolean last;
    do {
      last = closed;
      Optional<Duration> wait = queue.run();
      if (Thread.interrupted()) {
        return;
      }
      if (closed) {
        continue;
      }
      if (wait.isPresent()) {
        LockSupport.parkNanos(this, wait.get().toNanos());
      } else {
        LockSupport.park(this);
      }
    } while (!last);
  }

  /**
   * Returns how many alerts wait to be delivered.
   *
   * @return the length of the queue
   */
  public int pending() {
    return queue.pending();
  }

  /**
   * Returns how many alerts the receiver has.
   *
   * @return the number of alerts that were answered with 2xx
   */
  public long delivered() {
    return queue.delivered();
  }

  /**
   * Returns how many alerts were given up: refused, too old, or more than the queue holds.
   *
   * @return the number of alerts that will not be delivered
   */
  public long dropped() {
    return queue.dropped();
  }

  /** Delivers what the receiver takes at once, for at most 5 s, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(sender);
    try {
      TimeUnit.MILLISECONDS.timedJoin(sender, drain.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.interrupt();
  }

  /** Builds a sink. Not safe for use by several threads. */
  public static final class Builder {
    private final URI url;
    private byte[] secret = {};
    private int capacity = 1000;
    private Duration timeout = Duration.ofSeconds(10);
    private Duration drain = Duration.ofSeconds(5);
    private boolean plainHttp;
    private DeliveryQueue.Backoff backoff = new DeliveryQueue.Backoff(
        Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofDays(1));

    private Builder(URI url) {
      this.url = requireNonNull(url, "url");
    }

    /**
     * Signs every request.
     *
     * @param key the key shared with the receiver, at least 16 bytes, copied
     * @return this builder
     */
    public Builder secret(byte[] key) {
      if (key.length < 16) {
        throw new InvalidInputException("a secret needs at least 16 bytes, got " + key.length);
      }
      this.secret = key.clone();
      return this;
    }

    /**
     * Sets how many alerts may wait; more are dropped.
     *
     * @param alerts the bound, 1000 by default
     * @return this builder
     */
    public Builder capacity(int alerts) {
      if (alerts < 1) {
        throw new InvalidInputException("capacity must be >= 1, got " + alerts);
      }
      this.capacity = alerts;
      return this;
    }

    /**
     * Sets how long one attempt may take.
     *
     * @param longest the bound, 10 s by default
     * @return this builder
     */
    public Builder timeout(Duration longest) {
      this.timeout = requirePositive("timeout", longest);
      return this;
    }

    /**
     * Sets how long to wait between attempts and when to stop.
     *
     * @param first after the first failure, 1 s by default
     * @param longest the bound of the doubling waits, 30 s by default
     * @param giveUpAfter the age at which an alert is dropped, 1 d by default
     * @return this builder
     */
    public Builder retry(Duration first, Duration longest, Duration giveUpAfter) {
      this.backoff = new DeliveryQueue.Backoff(
          requirePositive("first", first),
          requirePositive("longest", longest),
          requirePositive("giveUpAfter", giveUpAfter));
      return this;
    }

    /**
     * Allows {@code http} to another machine, as within a cluster that encrypts by itself.
     *
     * @return this builder
     */
    public Builder allowPlainHttp() {
      this.plainHttp = true;
      return this;
    }

    /**
     * Builds the sink and starts its thread.
     *
     * @return the sink
     * @throws InvalidInputException if the URL is not {@code https}, nor {@code http} where allowed
     */
    public WebhookAlertSink build() {
      String host = url.getHost();
      boolean local = "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
      boolean fine = "https".equalsIgnoreCase(url.getScheme())
          || ("http".equalsIgnoreCase(url.getScheme()) && (local || plainHttp));
      if (host == null || !fine) {
        throw new InvalidInputException("a webhook needs an https URL with a host, got scheme '"
            + url.getScheme()
            + "' and host '"
            + host
            + "'");
      }
      return new WebhookAlertSink(this);
    }

    private static Duration requirePositive(String name, Duration duration) {
      if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(LONGEST) > 0) {
        throw new InvalidInputException(
            name + " must be between PT0.001S and " + LONGEST + ", got " + duration);
      }
      return duration;
    }
  }
}
