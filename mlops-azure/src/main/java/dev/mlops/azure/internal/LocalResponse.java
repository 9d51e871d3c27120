package dev.mlops.azure.internal;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An HTTP response that was made here, or has arrived as a whole. */
final class LocalResponse extends HttpResponse {
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  LocalResponse(HttpRequest request, int status, String body) {
    this(
        request,
        status,
        new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
    headers.set(HttpHeaderName.CONTENT_LENGTH, Integer.toString(this.body.length));
  }

  private LocalResponse(HttpRequest request, int status, HttpHeaders headers, byte[] body) {
    super(request);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** Reads a response to its end; fails as the reading does. */
  static Mono<LocalResponse> copy(HttpRequest request, HttpResponse response) {
    return response
        .getBodyAsByteArray()
        .defaultIfEmpty(new byte[0])
        .map(body ->
            new LocalResponse(request, response.getStatusCode(), response.getHeaders(), body));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public int getStatusCode() {
    return status;
  }

  @Override
  @Deprecated
  public @Nullable String getHeaderValue(String name) {
    return headers.getValue(HttpHeaderName.fromString(name));
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  @Override
  public Flux<ByteBuffer> getBody() {
    return Flux.defer(() -> Flux.just(ByteBuffer.wrap(body)));
  }

  @Override
  public Mono<byte[]> getBodyAsByteArray() {
    return Mono.fromSupplier(body::clone);
  }

  @Override
  public Mono<String> getBodyAsString() {
    return getBodyAsString(StandardCharsets.UTF_8);
  }

  @Override
  public Mono<String> getBodyAsString(Charset charset) {
    return Mono.fromSupplier(() -> new String(body, charset));
  }
}
