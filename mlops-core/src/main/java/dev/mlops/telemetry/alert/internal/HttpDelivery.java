package dev.mlops.telemetry.alert.internal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/* Posts a message. Redirects are not followed: the receiver is who was configured. */
public final class HttpDelivery implements Delivery {
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  private final HttpClient client;
  private final URI url;
  private final Duration timeout;
  private final @Nullable WebhookSignature signature;
  private final Clock clock;

  /** Creates a delivery; an empty secret signs nothing. */
  public HttpDelivery(URI url, Duration timeout, byte[] secret, Clock clock) {
    this.client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(timeout)
        .build();
    this.url = url;
    this.timeout = timeout;
    this.signature = secret.length == 0 ? null : new WebhookSignature(secret);
    this.clock = clock;
  }

  @Override
  public Result attempt(Message message) {
    Instant now = clock.instant();
    HttpRequest.Builder request = HttpRequest.newBuilder(url)
        .timeout(timeout)
        .header("Content-Type", "application/json")
        .header("webhook-id", message.id())
        .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
        .POST(HttpRequest.BodyPublishers.ofString(message.body()));
    if (signature != null) {
      request.header("webhook-signature", signature.sign(message, now));
    }
    try {
      return judge(client.send(request.build(), HttpResponse.BodyHandlers.discarding()));
    } catch (IOException e) {
      return new Later(e.getClass().getSimpleName(), Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Later("interrupted", Duration.ZERO);
    }
  }

  private static Result judge(HttpResponse<Void> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Delivered();
    }
    String reason = "the receiver answered " + status;
    return status / 100 == 5 || status == 408 || status == 429
        ? new Later(reason, retryAfter(response))
        : new Refused(reason);
  }

  private static Duration retryAfter(HttpResponse<Void> response) {
    String seconds = response.headers().firstValue("Retry-After").orElse("");
    if (!seconds.matches("[0-9]{1,9}")) {
      return Duration.ZERO;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(seconds));
    return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
  }
}
