package dev.mlops.azure.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * azurite's blob service on the loopback interface. It keeps what it was told when stopped with
 * SIGTERM; a SIGKILL would lose seconds of it, so it is never killed.
 */
public final class Azurite implements AutoCloseable {
  private static Azurite shared;

  private final Path data;
  private final int port;
  private Process process;

  private Azurite() {
    try {
      data = Files.createTempDirectory(
              Files.createDirectories(Path.of("target", "azurite")), "data")
          .toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = freePort();
    process = launch();
  }

  /** One that all tests of this JVM share. */
  public static synchronized Azurite shared() {
    if (shared == null) {
      shared = start();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  /** One of the test's own; the test closes it. */
  public static Azurite start() {
    Node.home();
    return new Azurite();
  }

  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Connects to this service. */
  public String connectionString() {
    return connectionString(port);
  }

  /** Connects to whatever listens at a port, with azurite's well-known account. */
  public static String connectionString(int port) {
    return "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey="
        + "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + "BlobEndpoint=http://127.0.0.1:" + port + "/devstoreaccount1;";
  }

  /** Stops it gracefully and starts it again with what it had. */
  public void restart() {
    stop();
    process = launch();
  }

  /** Stops it gracefully. */
  public void stop() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("azurite did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Process launch() {
    Process started = Node.start(
        data.resolveSibling(data.getFileName() + ".log"),
        "node_modules/azurite/dist/src/blob/main.js",
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        Integer.toString(port),
        "--location",
        data.toString(),
        "--disableTelemetry",
        "--silent",
        "--skipApiVersionCheck");
    waitForPort(started, port);
    return started;
  }

  static void waitForPort(Process process, int port) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        return;
      } catch (IOException notYet) {
        try {
          if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
            break;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    process.destroy();
    throw new IllegalStateException("nothing listens at port " + port);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }
}
