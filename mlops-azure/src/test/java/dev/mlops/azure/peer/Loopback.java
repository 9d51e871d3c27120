package dev.mlops.azure.peer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A server on the loopback interface that records what it is asked and answers as told. */
public final class Loopback implements AutoCloseable {

  /** What came in; header names are in lower case. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(
      String method, String path, String query, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** What goes out; a status below 0 drops the connection without an answer. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public static Reply json(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    public static Reply dropped() {
      return new Reply(-1, Map.of(), "");
    }

    public Reply with(String name, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(name, value);
      return new Reply(status, more, body);
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final String scheme;
  private volatile Function<Request, Reply> handler;

  private Loopback(HttpServer server, String scheme, Function<Request, Reply> handler) {
    this.server = server;
    this.scheme = scheme;
    this.handler = handler;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public static Loopback http(Function<Request, Reply> handler) {
    return http(0, handler);
  }

  public static Loopback http(int port, Function<Request, Reply> handler) {
    try {
      return new Loopback(HttpServer.create(loopback(port), 0), "http", handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Loopback https(Function<Request, Reply> handler) {
    try {
      HttpsServer server = HttpsServer.create(loopback(0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.get().context()));
      return new Loopback(server, "https", handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public void handler(Function<Request, Reply> next) {
    handler = next;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** {@code https://localhost:port}, without a slash at the end. */
  public String url() {
    return scheme + "://localhost:" + port();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
      String query = exchange.getRequestURI().getRawQuery();
      Request request = new Request(
          exchange.getRequestMethod(),
          exchange.getRequestURI().getPath(),
          query == null ? "" : query,
          headers,
          exchange.getRequestBody().readAllBytes());
      requests.add(request);
      Reply reply;
      try {
        reply = handler.apply(request);
      } catch (RuntimeException | Error e) {
        reply = new Reply(599, Map.of(), "the loopback handler failed: " + e);
      }
      if (reply.status() < 0) {
        return;
      }
      reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      boolean empty = body.length == 0 || reply.status() == 204 || reply.status() == 304;
      exchange.sendResponseHeaders(reply.status(), empty ? -1 : body.length);
      if (!empty) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
