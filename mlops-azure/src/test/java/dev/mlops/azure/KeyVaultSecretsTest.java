package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.exception.ResourceModifiedException;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import dev.mlops.azure.internal.CachedSecret;
import dev.mlops.azure.peer.FakeKeyVault;
import dev.mlops.azure.peer.StaticCredential;
import dev.mlops.azure.peer.TestCertificate;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import dev.mlops.secret.Secret;
import dev.mlops.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The vault is a fake; both clients are Azure's. One of them is an administrator, who sets and
 * rotates.
 */
class KeyVaultSecretsTest {
  private static final Duration REFRESH = Duration.ofMinutes(5);
  private static final Duration MAX_AGE = Duration.ofHours(1);

  private final FakeKeyVault vault = new FakeKeyVault();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
  private final StaticCredential credential = new StaticCredential();
  private final SecretClient administrator = new SecretClientBuilder()
      .vaultUrl(vault.url())
      .credential(new StaticCredential())
      .httpClient(TestCertificate.get().trustingClient())
      .disableChallengeResourceVerification()
      .buildClient();
  private final KeyVaultSecrets secrets = secrets(Duration.ofSeconds(10));

  private KeyVaultSecrets secrets(Duration timeout) {
    return KeyVaultSecrets.builder(vault.url(), credential)
        .httpClient(TestCertificate.get().trustingClient())
        .refreshAfter(REFRESH)
        .maxAge(MAX_AGE)
        .timeout(timeout)
        .clock(clock)
        .verifyChallengeResource(false)
        .build();
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  @Test
  void get_withinRefreshAfter_asksOnce() {
    administrator.setSecret("db-password", "s3cret");
    assertThat(secrets.get("db-password").value()).isEqualTo("s3cret");
    int asked = vault.requests();

    clock.advance(REFRESH.minusMillis(1));

    assertThat(secrets.get("db-password").value()).isEqualTo("s3cret");
    assertThat(vault.requests()).isEqualTo(asked);
  }

  @Test
  void get_afterRotation_seesItAtRefreshAfter() {
    String first = administrator.setSecret("key", "old").getProperties().getVersion();
    assertThat(secrets.get("key").value()).isEqualTo("old");
    String second = administrator.setSecret("key", "new").getProperties().getVersion();
    assertThat(secrets.get("key").value()).isEqualTo("old");

    clock.advance(REFRESH);

    assertThat(secrets.get("key").value()).isEqualTo("new");
    assertThat(secrets.find("key", first).orElseThrow().value()).isEqualTo("old");
    assertThat(secrets.find("key", second).orElseThrow().value()).isEqualTo("new");
    assertThat(administrator.listPropertiesOfSecretVersions("key")).hasSize(2);
  }

  @Test
  void get_ofMissingDisabledAndDeleted_areToldApart() {
    assertThat(secrets.find("missing")).isEmpty();
    assertThatThrownBy(() -> secrets.get("missing"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("'missing'");
    administrator.setSecret("off", "s3cret");
    vault.disable("off");
    assertThatThrownBy(() -> secrets.get("off"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("'off'")
        .hasMessageContaining("is disabled");
    administrator.setSecret("gone", "s3cret");
    administrator.beginDeleteSecret("gone").poll();
    assertThatThrownBy(() -> secrets.get("gone")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> administrator.setSecret("gone", "again"))
        .isInstanceOf(ResourceModifiedException.class);
    assertThatThrownBy(() -> secrets.get("a/b"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a/b");
  }

  @Test
  void get_ofWhatWasCachedAndThenDisabled_believesTheVault() {
    administrator.setSecret("key", "s3cret");
    secrets.get("key");
    vault.disable("key");
    clock.advance(REFRESH);

    assertThatThrownBy(() -> secrets.get("key")).hasMessageContaining("is disabled");
    vault.down(true);
    assertThatThrownBy(() -> secrets.get("key")).isInstanceOf(UnavailableException.class);
  }

  @Test
  void get_whileTheVaultIsUnreachable_servesUntilMaxAgeThenThrows() {
    administrator.setSecret("key", "s3cret");
    secrets.get("key");
    vault.down(true);

    clock.advance(REFRESH);
    assertThat(secrets.get("key").value()).isEqualTo("s3cret");
    clock.advance(MAX_AGE.minus(REFRESH).minusMillis(1));
    assertThat(secrets.get("key").value()).isEqualTo("s3cret");
    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> secrets.get("key"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("older than PT1H")
        .hasMessageNotContaining("s3cret");

    vault.down(false);
    assertThat(secrets.get("key").value()).isEqualTo("s3cret");
  }

  @Test
  void get_whileTheVaultIsUnreachable_doesNotAskForFiveSecondsAfterAFailure() {
    administrator.setSecret("key", "s3cret");
    secrets.get("key");
    vault.down(true);
    clock.advance(REFRESH);
    secrets.get("key");
    int asked = vault.requests();

    secrets.get("key");
    assertThat(vault.requests()).isEqualTo(asked);
    clock.advance(Duration.ofSeconds(5));
    vault.down(false);
    secrets.get("key");
    assertThat(vault.requests()).isGreaterThan(asked);
  }

  @Test
  void get_whenThrottled_waitsAsTold() {
    administrator.setSecret("key", "s3cret");
    vault.throttle(2);

    assertThat(secrets.get("key").value()).isEqualTo("s3cret");
  }

  @Test
  void get_whenThrottledForLonger_isUnavailableInTime() {
    administrator.setSecret("key", "s3cret");
    vault.throttle(1000);
    long start = System.nanoTime();

    assertThatThrownBy(() -> secrets(Duration.ofSeconds(1)).get("key"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("within PT1S");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void get_whenTheTokenIsNoLongerAccepted_asksForANewOne() {
    administrator.setSecret("key", "old");
    secrets.get("key");
    administrator.setSecret("key", "new");
    vault.revoke("token-1");
    clock.advance(REFRESH);

    String value = secrets.get("key").value();

    assertThat(value).isEqualTo("new");
    assertThat(credential.count()).isEqualTo(2);
  }

  @Test
  void value_whileAnotherThreadAsks_isTheOneThatIsHeld() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    CachedSecret cached = new CachedSecret("key", REFRESH, MAX_AGE, clock);
    assertThat(cached.value(() -> Optional.of(Secret.of("old")))).isPresent();
    clock.advance(REFRESH);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<Optional<Secret>> slow = threads.submit(() -> cached.value(() -> {
        asked.countDown();
        try {
          answer.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return Optional.of(Secret.of("new"));
      }));
      asked.await();

      Future<Optional<Secret>> other = threads.submit(() -> cached.value(() -> {
        throw new AssertionError("asked twice");
      }));

      assertThat(other.get(10, TimeUnit.SECONDS).orElseThrow().value()).isEqualTo("old");
      answer.countDown();
      assertThat(slow.get().orElseThrow().value()).isEqualTo("new");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void secrets_showNoValues() {
    administrator.setSecret("key", "s3cret");
    secrets.get("key");

    assertThat(secrets.toString()).contains("cached=1").doesNotContain("s3cret");
  }

  @Test
  void builder_refusesWhatCannotWork() {
    assertThatThrownBy(() -> KeyVaultSecrets.builder("http://vault", credential))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("http://vault");
    assertThatThrownBy(() -> KeyVaultSecrets.builder("https://vault", credential)
            .refreshAfter(Duration.ofHours(2))
            .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("PT2H");
  }
}
