package dev.mlops.azure.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code cosmos.mjs}: an emulator that lives in memory, can throttle and can hang up. */
public final class CosmosEmulator implements AutoCloseable {
  /** The well-known key of emulators; this one accepts any. */
  public static final String KEY =
      "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

  private static CosmosEmulator shared;

  private final int port = Azurite.freePort();
  private final Process process;

  private CosmosEmulator() {
    try {
      Path log = Files.createDirectories(Path.of("target", "cosmos")).resolve(port + ".log");
      process = Node.start(log.toAbsolutePath(), "cosmos.mjs", Integer.toString(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Azurite.waitForPort(process, port);
  }

  /** One that all tests of this JVM share. */
  public static synchronized CosmosEmulator shared() {
    if (shared == null) {
      Node.home();
      shared = new CosmosEmulator();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  public String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** Answers the next document requests with 429. */
  public void throttle(int requests) {
    control("throttle/" + requests);
  }

  /** Hangs up on the next document requests. */
  public void drop(int requests) {
    control("drop/" + requests);
  }

  private void control(String path) {
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(url() + "__" + path))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
