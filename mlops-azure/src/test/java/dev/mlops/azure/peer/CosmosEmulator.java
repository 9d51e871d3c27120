package dev.mlops.azure.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * {@code cosmos.mjs}: an emulator that lives in memory, can throttle and can hang up. Stopped, it
 * leaves what it has in a file and finds it again when started; killed, it would lose everything.
 */
public final class CosmosEmulator implements AutoCloseable {
  /** The well-known key of emulators; this one accepts any. */
  public static final String KEY =
      "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

  private static CosmosEmulator shared;

  private final int port = Azurite.freePort();
  private final Path directory;
  private Process process;

  private CosmosEmulator() {
    try {
      directory = Files.createDirectories(Path.of("target", "cosmos")).toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process = launch();
  }

  /** One of the test's own; the test closes it. */
  public static CosmosEmulator start() {
    Node.home();
    return new CosmosEmulator();
  }

  private Process launch() {
    Process started = Node.start(
        directory.resolve(port + ".log"),
        "--max-old-space-size=6000",
        "cosmos.mjs",
        Integer.toString(port),
        directory.resolve(port + ".data").toString());
    Azurite.waitForPort(started, port);
    return started;
  }

  /** Stops it gracefully and starts it again, at the same address, with what it had. */
  public void restart() {
    close();
    process = launch();
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

  /** How many document requests were answered with 429 so far. */
  public int throttled() {
    return count("throttled");
  }

  /** How many document requests were hung up on so far. */
  public int dropped() {
    return count("dropped");
  }

  private int count(String kind) {
    try {
      return new ObjectMapper().readTree(control("counts")).get(kind).asInt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String control(String path) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create(url() + "__" + path))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the Cosmos emulator did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
