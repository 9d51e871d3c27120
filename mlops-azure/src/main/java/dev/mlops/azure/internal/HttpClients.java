package dev.mlops.azure.internal;

import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import java.time.Duration;

/** The HTTP client of every adapter: the JDK's own, so that Netty stays out. */
public final class HttpClients {
  private HttpClients() {}

  /**
   * Creates a client.
   *
   * @param connectTimeout how long a connection may take to be made
   * @param responseTimeout how long the first byte of an answer may take
   * @return the client, safe for use by several threads
   */
  public static HttpClient create(Duration connectTimeout, Duration responseTimeout) {
    return new JdkHttpClientBuilder()
        .connectionTimeout(connectTimeout)
        .responseTimeout(responseTimeout)
        .readTimeout(responseTimeout)
        .build();
  }
}
