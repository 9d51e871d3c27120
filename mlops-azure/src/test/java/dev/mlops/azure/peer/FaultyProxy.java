package dev.mlops.azure.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a service and loses its replies after they were earned, or refuses to pass requests
 * on.
 */
public final class FaultyProxy implements AutoCloseable {
  private static final Set<String> NOT_PASSED_ON = Set.of(
      "host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "date-");

  /** What goes wrong. */
  public enum Fault {
    /** The service does what it was asked; its reply never arrives. */
    LOST_REPLY,
    /** The service does what it was asked; half of its reply arrives. */
    CUT_REPLY,
    /** 429 or 503 with a Retry-After of zero; the service is not asked. */
    THROTTLED,
    /** 429 or 503 with a Retry-After of a second; the service is not asked. */
    THROTTLED_FOR_A_SECOND
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random;
  private final double probability;
  private final Fault fault;
  private final int target;
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicInteger early = new AtomicInteger();
  private final Map<String, Long> notBefore = new ConcurrentHashMap<>();

  public FaultyProxy(int target, Fault fault, double probability, long seed) {
    this.target = target;
    this.fault = fault;
    this.probability = probability;
    this.random = new Random(seed);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** How often something went wrong. */
  public int faults() {
    return faults.get();
  }

  /**
   * How often something that was to be tried again after a second was asked for before: zero for a
   * client that respects Retry-After and asks for nothing twice at once.
   */
  public int early() {
    return early.get();
  }

  private void throttle(HttpExchange exchange, String what) throws IOException {
    boolean aSecond = fault == Fault.THROTTLED_FOR_A_SECOND;
    exchange.getResponseHeaders().set("Retry-After", aSecond ? "1" : "0");
    notBefore.put(what, System.nanoTime() + (aSecond ? 1_000_000_000L : 0));
    exchange.sendResponseHeaders(faults.get() % 2 == 0 ? 429 : 503, -1);
  }

  private boolean goesWrong() {
    boolean wrong;
    synchronized (random) {
      wrong = random.nextDouble() < probability;
    }
    if (wrong) {
      faults.incrementAndGet();
    }
    return wrong;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean wrong = goesWrong();
      String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      Long promised = notBefore.remove(what);
      if (promised != null && System.nanoTime() < promised) {
        early.incrementAndGet();
      }
      if (wrong && (fault == Fault.THROTTLED || fault == Fault.THROTTLED_FOR_A_SECOND)) {
        throttle(exchange, what);
        return;
      }
      var request = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + target + exchange.getRequestURI()))
          .method(
              exchange.getRequestMethod(),
              body.length == 0 && !exchange.getRequestMethod().equals("PUT")
                  ? HttpRequest.BodyPublishers.noBody()
                  : HttpRequest.BodyPublishers.ofByteArray(body));
      exchange.getRequestHeaders().forEach((name, values) -> {
        if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT))) {
          values.forEach(value -> request.header(name, value));
        }
      });
      HttpResponse<byte[]> response;
      try {
        response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      } catch (IOException e) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      if (wrong && fault == Fault.LOST_REPLY) {
        return;
      }
      response.headers().map().forEach((name, values) -> {
        if (!NOT_PASSED_ON.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      boolean head = exchange.getRequestMethod().equals("HEAD");
      int length = response.body().length;
      if (head) {
        response
            .headers()
            .firstValue("content-length")
            .ifPresent(value -> exchange.getResponseHeaders().set("Content-Length", value));
      }
      exchange.sendResponseHeaders(response.statusCode(), head || length == 0 ? -1 : length);
      if (!head && length > 0) {
        exchange.getResponseBody().write(response.body(), 0, wrong ? length / 2 : length);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
