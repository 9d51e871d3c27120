package dev.mlops.azure.peer;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate for localhost, made by the running JDK's keytool when first asked for.
 */
public final class TestCertificate {
  public static final String PASSWORD = Keytool.PASSWORD;
  private static final TestCertificate INSTANCE = new TestCertificate();

  private final Path file;
  private final SSLContext context;

  private TestCertificate() {
    try {
      Path directory = Files.createTempDirectory("certificate");
      directory.toFile().deleteOnExit();
      file = directory.resolve("localhost.p12");
      Keytool.keyPair(file, "localhost", "EC");
      file.toFile().deleteOnExit();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("localhost", keys.getCertificate("localhost"));
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(keys, PASSWORD.toCharArray());
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trusted);
      context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    } catch (Exception e) {
      throw new IllegalStateException("no certificate", e);
    }
  }

  public static TestCertificate get() {
    return INSTANCE;
  }

  public SSLContext context() {
    return context;
  }

  /** A PKCS12 file that serves as key store and trust store of another process. */
  public Path file() {
    return file;
  }

  /** A client that trusts this certificate and nothing else. */
  public HttpClient trustingClient() {
    return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(context))
        .connectionTimeout(Duration.ofSeconds(5))
        .build();
  }
}
