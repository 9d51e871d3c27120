package dev.mlops.azure.peer;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Gives {@code token-1}, {@code token-2} …, each for an hour, and counts. */
public final class StaticCredential implements TokenCredential {
  private final AtomicInteger count = new AtomicInteger();
  private final Clock clock;

  public StaticCredential() {
    this(Clock.systemUTC());
  }

  public StaticCredential(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext request) {
    return Mono.fromSupplier(() -> new AccessToken(
        "token-" + count.incrementAndGet(),
        OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).plusHours(1)));
  }

  public int count() {
    return count.get();
  }
}
