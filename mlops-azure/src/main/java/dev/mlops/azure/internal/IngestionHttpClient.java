package dev.mlops.azure.internal;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/*
 * What stands between the Azure Monitor exporter 1.2.0 and the network. It repairs six things, each measured:
 *
 * 1. The exporter keeps the request's ByteBuffers to write them to its offline storage when the request fails. Who reads
 *    the buffers themselves leaves them empty, and an empty file is stored: the telemetry is lost. Both the JDK's client
 *    and azure-core's retry policy read them. So the body is duplicated before it is sent, and retries happen here.
 * 2. On a network error the exporter loads a class of Netty; without Netty that is a NoClassDefFoundError, and nothing
 *    is stored. So a failed connection, also one that breaks inside an answer, becomes a 503, which the exporter stores
 *    and sends again.
 * 3. Statistics about the SDK itself ("statsbeat") go to another host under another instrumentation key and cannot be
 *    switched off; a metadata address is probed for them. So a request to any other host, or under another
 *    instrumentation key, is answered here.
 * 4. What another service on this machine could not deliver lies in the same storage. It is refused here with 503,
 *    which leaves it there for its owner.
 * 5. When a payload from the offline storage is taken in part (206), the exporter deletes its file, and what was not
 *    taken is lost. So what a 206 leaves over is sent again from here, and reported as 503 while something is left;
 *    what was taken is remembered and not sent a second time when the file comes again.
 * 6. The exporter stores nothing while it waits for an answer, so an endpoint that accepts connections and says nothing
 *    would outlast every shutdown. So one request has five seconds with all its attempts, no attempt follows one that
 *    had no answer in time, and while closing what is still under way becomes a 503 early enough to be stored.
 *
 * A redirect (307, 308) from the ingestion endpoint is an instruction of that endpoint and is followed.
 */
public final class IngestionHttpClient implements HttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(IngestionHttpClient.class);
  private static final int PEEK_BYTES = 2048;
  private static final List<String> STATSBEAT_KEYS =
      List.of("c4a29126-a7cb-47e5-b348-11414998b11e", "7dc56bab-3c0c-4e9f-9ebb-d1acadee8d0f");

  /** Short, so that what is emitted meanwhile fits into the exporter's queue. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(250), Duration.ofMillis(750));

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final HttpClient delegate;
  private final String instrumentationKey;
  private final Set<String> allowed = ConcurrentHashMap.newKeySet();
  private final PartialDeliveries deliveries = new PartialDeliveries();
  private final AtomicLong answeredHere = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final Sinks.Empty<Void> closing = Sinks.empty();
  private volatile boolean stopped;

  /**
   * Creates the client.
   *
   * @param delegate does the sending
   * @param instrumentationKey the only key telemetry may carry
   * @param endpoints the only places telemetry may go to
   */
  public IngestionHttpClient(HttpClient delegate, String instrumentationKey, Set<URI> endpoints) {
    this.delegate = delegate;
    this.instrumentationKey = instrumentationKey;
    endpoints.forEach(endpoint -> allowed.add(authority(endpoint)));
  }

  /** Requests that were answered here because they were meant for another host or another key. */
  public long answeredHere() {
    return answeredHere.get();
  }

  /** Requests that failed on the network and were reported to the exporter as 503. */
  public long failed() {
    return failed.get();
  }

  /** Single items that the endpoint refused for good; they are lost. */
  public long refused() {
    return refused.get();
  }

  /** Gives up what is under way after a time; from then on everything is answered with 503. */
  public void stopSendingAfter(Duration time) {
    Mono.delay(time).subscribe(tick -> {
      stopped = true;
      closing.tryEmitEmpty();
    });
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return send(request, Context.NONE);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    return body(request).flatMap(body -> {
      if (!mayTravel(request, body)) {
        answeredHere.incrementAndGet();
        return Mono.<HttpResponse>just(
            isOthersTelemetry(request, body)
                ? new LocalResponse(request, 503, "")
                : new LocalResponse(request, 200, accepted(body)));
      }
      if (stopped) {
        return Mono.just(new LocalResponse(request, 503, ""));
      }
      Payload payload = deliveries.payload(body);
      return attempt(request, body, payload, context, 0)
          .timeout(LONGEST)
          .onErrorResume(TimeoutException.class, late -> notSent(request, late))
          .takeUntilOther(closing.asMono())
          .switchIfEmpty(Mono.fromSupplier(() -> new LocalResponse(request, 503, "")))
          .doOnNext(response -> {
            if (response.getStatusCode() == 200) {
              deliveries.done(body);
            } else {
              deliveries.waits(body, payload);
            }
          });
    });
  }

  private Mono<LocalResponse> attempt(
      HttpRequest request, byte[] body, Payload payload, Context context, int retries) {
    HttpRequest copy = request.copy();
    if (body.length > 0) {
      copy.setBody(payload.rest());
    }
    return delegate
        .send(copy, context)
        .flatMap(response -> LocalResponse.copy(request, response))
        .doOnNext(response -> learnRedirect(request, response))
        .onErrorResume(IngestionHttpClient::isLostConnection, error -> notSent(request, error))
        .map(response ->
            response.getStatusCode() == 206 ? partly(request, body, payload, response) : response)
        .flatMap(response -> retries < PAUSES.size() && passing(response.getStatusCode())
            ? Mono.delay(PAUSES.get(retries))
                .flatMap(tick -> attempt(request, body, payload, context, retries + 1))
            : Mono.just(response));
  }

  private static boolean passing(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  private Mono<LocalResponse> notSent(HttpRequest request, Throwable error) {
    if (failed.getAndIncrement() == 0) {
      LOG.warn(
          "Telemetry cannot reach {}; it is kept on disk and sent again later",
          request.getUrl().getHost(),
          error);
    }
    return Mono.just(new LocalResponse(request, 503, ""));
  }

  /** What a 206 means for the exporter: done, or to be sent again. */
  private LocalResponse partly(
      HttpRequest request, byte[] body, Payload payload, LocalResponse response) {
    Payload.Answer answer = payload.answered(response.text());
    if (!answer.refused().isEmpty()) {
      int items = answer.refused().values().stream().mapToInt(Integer::intValue).sum();
      refused.addAndGet(items);
      LOG.warn(
          "{} items of telemetry were refused for good by {}; items by status: {}",
          items,
          request.getUrl().getHost(),
          answer.refused());
    }
    return answer.isDone()
        ? new LocalResponse(request, 200, accepted(body))
        : new LocalResponse(request, 503, "");
  }

  private static boolean isLostConnection(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return error instanceof TimeoutException;
  }

  private static Mono<byte[]> body(HttpRequest request) {
    var body = request.getBody();
    return body == null
        ? Mono.just(new byte[0])
        : FluxUtil.collectBytesInByteBufferStream(body.map(ByteBuffer::duplicate))
            .defaultIfEmpty(new byte[0]);
  }

  private boolean mayTravel(HttpRequest request, byte[] body) {
    if (!allowed.contains(authority(request.getUrl()))) {
      return false;
    }
    String head = head(body);
    int key = head.indexOf("\"iKey\":\"");
    return key < 0 || head.startsWith(instrumentationKey, key + 8);
  }

  /**
   * All processes of a user share the exporter's offline storage, so it may hold what another
   * service could not deliver. That stays on disk for its owner.
   */
  private static boolean isOthersTelemetry(HttpRequest request, byte[] body) {
    String head = head(body);
    return request.getUrl().getPath().endsWith("/track")
        && head.contains("\"iKey\"")
        && STATSBEAT_KEYS.stream().noneMatch(head::contains);
  }

  /** The first characters of the payload, which name the instrumentation key. */
  private static String head(byte[] body) {
    if (body.length < 2 || (body[0] & 0xff) != 0x1f || (body[1] & 0xff) != 0x8b) {
      return new String(body, 0, Math.min(PEEK_BYTES, body.length), StandardCharsets.UTF_8);
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      return new String(in.readNBytes(PEEK_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String accepted(byte[] body) {
    int items = body.length == 0 ? 0 : 1;
    return "{\"itemsReceived\":" + items + ",\"itemsAccepted\":" + items + ",\"errors\":[]}";
  }

  private void learnRedirect(HttpRequest request, HttpResponse response) {
    if (response.getStatusCode() == 307 || response.getStatusCode() == 308) {
      String location = response.getHeaderValue(HttpHeaderName.LOCATION);
      if (location != null) {
        URI target = redirect(request, location);
        if (allowed.add(authority(target))) {
          LOG.info("Telemetry is redirected to {}", target.getHost());
        }
      }
    }
  }

  private static URI redirect(HttpRequest request, String location) {
    try {
      URI target = URI.create(request.getUrl().toString()).resolve(location);
      if (target.getHost() != null) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Below: the endpoint's answer is of no use, as if it had not come.
    }
    throw new UncheckedIOException(
        new IOException("a redirect to '" + Failures.line(location) + "', which is no address"));
  }

  private static String authority(URL url) {
    return authority(URI.create(url.getProtocol() + "://" + url.getAuthority()));
  }

  private static String authority(URI uri) {
    int port = uri.getPort();
    if (port < 0) {
      port = "http".equals(uri.getScheme()) ? 80 : 443;
    }
    return uri.getHost() + ":" + port;
  }
}
