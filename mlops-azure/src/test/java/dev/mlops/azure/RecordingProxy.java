package dev.mlops.azure;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that every client of this JVM is made to use while it is installed. It records
 * where each connection was meant to go and passes on only what goes to the loopback interface.
 */
final class RecordingProxy implements AutoCloseable {
  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "recording-proxy");
    thread.setDaemon(true);
    return thread;
  });
  private final List<String> targets = new CopyOnWriteArrayList<>();
  private final ProxySelector before = ProxySelector.getDefault();

  private RecordingProxy() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
    Proxy proxy = new Proxy(
        Proxy.Type.HTTP,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
    ProxySelector.setDefault(new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(proxy);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException e) {
        targets.add("unreachable " + uri);
      }
    });
  }

  static RecordingProxy install() {
    return new RecordingProxy();
  }

  /** host:port of every request or tunnel that was asked for. */
  List<String> targets() {
    return List.copyOf(targets);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** Connections carry one kind of request each: the first line tells where all of them go. */
  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      StringBuilder line = new StringBuilder();
      int c;
      while ((c = in.read()) >= 0 && c != '\n') {
        line.append((char) c);
      }
      String[] parts = line.toString().trim().split(" ", -1);
      if (parts.length < 3) {
        return;
      }
      boolean tunnel = parts[0].equals("CONNECT");
      URI uri = URI.create(tunnel ? "http://" + parts[1] : parts[1]);
      int port = uri.getPort() < 0 ? 80 : uri.getPort();
      targets.add(uri.getHost() + ":" + port);
      if (!InetAddress.getByName(uri.getHost()).isLoopbackAddress() || tunnel) {
        client
            .getOutputStream()
            .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        return;
      }
      try (Socket server = new Socket(uri.getHost(), port)) {
        server
            .getOutputStream()
            .write((line.toString().trim() + "\r\n").getBytes(StandardCharsets.US_ASCII));
        threads.execute(() -> copy(in, server));
        server.getInputStream().transferTo(client.getOutputStream());
      }
    } catch (IOException gone) {
      // Either side hung up.
    }
  }

  private static void copy(InputStream in, Socket server) {
    try {
      OutputStream out = server.getOutputStream();
      in.transferTo(out);
    } catch (IOException gone) {
      // Either side hung up.
    }
  }

  @Override
  public void close() {
    ProxySelector.setDefault(before);
    threads.shutdownNow();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
