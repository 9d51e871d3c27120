package dev.mlops.azure.internal;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.identity.CredentialUnavailableException;
import dev.mlops.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tries identities in order within one deadline and tells what became of each. */
public final class CredentialChain implements TokenCredential {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialChain.class);
  private static final Duration LEAST = Duration.ofMillis(500);

  private final List<Attempt> attempts;
  private final Duration timeout;
  private final Set<String> secrets;
  private volatile @Nullable Attempt winner;

  /**
   * Creates a chain.
   *
   * @param attempts in order
   * @param timeout for all together
   * @param secrets what no message may contain
   */
  public CredentialChain(List<Attempt> attempts, Duration timeout, Set<String> secrets) {
    this.attempts = List.copyOf(attempts);
    this.timeout = timeout;
    this.secrets = Set.copyOf(secrets);
  }

  @Override
  public Mono<AccessToken> getToken(TokenRequestContext request) {
    return Mono.fromCallable(() -> getTokenSync(request)).subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public AccessToken getTokenSync(TokenRequestContext request) {
    Attempt chosen = winner;
    List<Attempt> candidates = chosen == null ? attempts : List.of(chosen);
    long start = System.nanoTime();
    long probes = candidates.stream().filter(Attempt::probed).count();
    List<String> tried = new ArrayList<>();
    boolean ended = false;
    boolean sure = true;
    for (Attempt attempt : candidates) {
      TokenCredential credential = attempt.credential();
      if (credential == null) {
        tried.add(attempt.name() + ": " + attempt.missing());
        continue;
      }
      if (ended) {
        tried.add(
            attempt.name() + ": not tried, an identity before it is configured and was refused"
                + " or had no answer");
        continue;
      }
      Duration left = timeout.minusNanos(System.nanoTime() - start);
      // What is configured is the only one that counts, so it has all the time; probes share it.
      Duration share = attempt.probed() ? left.dividedBy(Math.max(1, probes--)) : left;
      try {
        // On another thread, so that the deadline also bounds what a credential does before its
        // first request: the first one in a process loads its libraries, which can take seconds.
        AccessToken token = Mono.defer(() -> credential.getToken(request))
            .subscribeOn(Schedulers.boundedElastic())
            .timeout(share.compareTo(LEAST) < 0 ? LEAST : share)
            .block();
        if (token != null) {
          if (chosen == null && sure) {
            winner = attempt;
            LOG.info("Azure identity: {}", attempt.name());
          } else if (chosen == null) {
            LOG.warn("Azure identity: {} for now; {}", attempt.name(), String.join("; ", tried));
          }
          return token;
        }
        tried.add(attempt.name() + ": gave no token");
      } catch (RuntimeException error) {
        Throwable cause = Exceptions.unwrap(error);
        boolean late = cause instanceof TimeoutException;
        tried.add(attempt.name() + ": " + (late ? "no answer in time" : reason(cause)));
        // Late is not absent: a service must not run under another name because its own was slow.
        sure &= !late;
        ended = late ? !attempt.probed() : !(cause instanceof CredentialUnavailableException);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    throw new UnavailableException(String.format(
        Locale.ROOT,
        "no Azure identity gave a token (%.1f s):%n  - %s",
        seconds,
        String.join(String.format("%n  - "), tried)));
  }

  private String reason(Throwable error) {
    String reason = Failures.line(
        error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    for (String secret : secrets) {
      reason = reason.replace(secret, "***");
    }
    return reason;
  }

  /**
   * One identity.
   *
   * @param name what it is called
   * @param credential asks for tokens, or null if it is not configured
   * @param missing what is not configured
   * @param probed whether only asking tells if it is there: when there is no answer in time, the
   *     next one is asked, but not kept
   */
  public record Attempt(
      String name, @Nullable TokenCredential credential, String missing, boolean probed) {
    /** An identity that is configured. */
    public static Attempt of(String name, TokenCredential credential) {
      return new Attempt(name, credential, "", false);
    }

    /** An identity that may be there. */
    public static Attempt probe(String name, TokenCredential credential) {
      return new Attempt(name, credential, "", true);
    }

    /** An identity that cannot be tried. */
    public static Attempt missing(String name, String reason) {
      return new Attempt(name, null, reason, false);
    }
  }
}
