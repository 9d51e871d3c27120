package dev.mlops.azure.internal;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import java.time.Duration;
import reactor.core.publisher.Mono;

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
    HttpClient jdk = new JdkHttpClientBuilder()
        .connectionTimeout(connectTimeout)
        .responseTimeout(responseTimeout)
        .readTimeout(responseTimeout)
        .build();
    return quiet(jdk);
  }

  /** A client that no longer warns about every body it sends. */
  public static HttpClient quiet(HttpClient jdk) {
    return new WithoutContentLength(jdk);
  }

  /** The JDK's client warns about every request that names its own Content-Length; it sets one itself. */
  private record WithoutContentLength(HttpClient delegate) implements HttpClient {
    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
      return send(request, Context.NONE);
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
      return delegate.send(strip(request), context);
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
      return delegate.sendSync(strip(request), context);
    }

    private static HttpRequest strip(HttpRequest request) {
      var body = request.getBodyAsBinaryData();
      if (body != null && body.getLength() == null) {
        return request;
      }
      HttpRequest copy = request.copy();
      copy.getHeaders().remove(HttpHeaderName.CONTENT_LENGTH);
      return copy;
    }
  }
}
