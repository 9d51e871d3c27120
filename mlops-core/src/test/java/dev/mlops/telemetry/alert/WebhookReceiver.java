package dev.mlops.telemetry.alert;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** A real receiver on this machine that can be down, unwilling, and up again on the same port. */
public final class WebhookReceiver implements AutoCloseable {
  /** One request as it came. */
  public record Request(Map<String, List<String>> headers, String body) {
    /** Returns the first value of a header. */
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(e -> e.getKey().equalsIgnoreCase(name))
          .map(e -> e.getValue().get(0))
          .findFirst()
          .orElse("");
    }
  }

  /** What was answered with 2xx, in order. */
  public final BlockingQueue<Request> taken = new LinkedBlockingQueue<>();

  private final Supplier<Integer> status;
  private final Map<String, String> answerHeaders;
  private final int port;
  private HttpServer server;

  /** Starts a receiver that answers with the supplied status. */
  public WebhookReceiver(Supplier<Integer> status, Map<String, String> answerHeaders)
      throws IOException {
    this.status = status;
    this.answerHeaders = answerHeaders;
    this.server = start(0);
    this.port = server.getAddress().getPort();
  }

  private HttpServer start(int at) throws IOException {
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
    started.createContext("/hook", this::answer);
    started.start();
    return started;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      int answer = status.get();
      if (answer / 100 == 2) {
        taken.add(new Request(Map.copyOf(exchange.getRequestHeaders()), body));
      }
      answerHeaders.forEach(exchange.getResponseHeaders()::add);
      exchange.sendResponseHeaders(answer, -1);
    }
  }

  /** Returns where to post. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port + "/hook");
  }

  /** Refuses connections from now on. */
  public void goDown() {
    server.stop(0);
  }

  /** Listens again on the same port. */
  public void comeBack() throws IOException {
    server = start(port);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
