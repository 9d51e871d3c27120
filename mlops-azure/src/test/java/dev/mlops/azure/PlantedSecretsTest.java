package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.FakeKeyVault;
import dev.mlops.azure.peer.Ingestion;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.TestCertificate;
import dev.mlops.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;

/**
 * Plants secrets everywhere a secret can be, makes everything fail, and looks through all that was
 * said.
 */
@Isolated
class PlantedSecretsTest {
  private static final String PLANTED = "PLANTED7f3a";
  private static final String PLANTED_KEY =
      Base64.getEncoder().encodeToString((PLANTED + "0123456789").getBytes(StandardCharsets.UTF_8));

  private static final TokenCredential TOKENS = new TokenCredential() {
    @Override
    public Mono<AccessToken> getToken(TokenRequestContext request) {
      return Mono.just(
          new AccessToken(PLANTED + "-token", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
    }
  };

  private final List<String> said = new ArrayList<>();

  private interface Failing {
    void run() throws Exception;
  }

  private void failing(Failing call) {
    try {
      call.run();
    } catch (Exception e) {
      StringWriter out = new StringWriter();
      e.printStackTrace(new PrintWriter(out));
      said.add(out.toString());
      return;
    }
    throw new AssertionError("nothing failed");
  }

  @Test
  void nothingThatIsSaid_containsASecret() {
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (FakeKeyVault vault = new FakeKeyVault();
        Ingestion ingestion = new Ingestion();
        Loopback refusing = Loopback.https(
            request -> Reply.json(401, "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}"))) {
      vault(vault);
      blob();
      cosmos();
      identity(refusing);
      failing(() -> {
        var jobs = AzureMlJobs.builder(
                new AzureMlWorkspace("s", "g", "w", URI.create(refusing.url())), TOKENS)
            .httpClient(TestCertificate.get().trustingClient())
            .build();
        said.add(jobs.toString());
        jobs.get("j");
      });
      AzureMlMlflow mlflow =
          AzureMlMlflow.of(AzureMlWorkspace.of("s", "g", "w"), "westeurope", TOKENS);
      mlflow.get();
      said.add(mlflow.toString());
      failing(() -> AzureMonitorTelemetry.builder()
          .connectionString("InstrumentationKey=" + PLANTED)
          .build());
      try (AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
          .connectionString(ingestion.connectionString())
          .build()) {
        ServiceTelemetry.run(telemetry, ManualClock.at(Instant.parse("2026-01-01T00:00:00Z")));
        telemetry.flush(Duration.ofSeconds(10));
        said.add(telemetry.toString());
      }
      telemetryThatIsRefused();
      ingestion.accepted().forEach(envelope -> said.add(envelope.toString()));
      try (AzureMlops azure = AzureMlops.builder(TOKENS)
          .setting("COSMOS_DB_KEY", PLANTED_KEY)
          .setting("AZURE_STORAGE_CONNECTION_STRING", "AccountKey=" + PLANTED_KEY)
          .build()) {
        said.add(azure.toString());
        failing(azure::objectStore);
        failing(azure::cosmos);
      }
    } finally {
      System.setErr(before);
    }
    said.add(logged.toString(StandardCharsets.UTF_8));

    assertThat(said).hasSizeGreaterThan(20);
    for (String text : said) {
      assertThat(text).doesNotContain(PLANTED).doesNotContain(PLANTED_KEY);
    }
  }

  private void vault(FakeKeyVault vault) {
    new SecretClientBuilder()
        .vaultUrl(vault.url())
        .credential(TOKENS)
        .httpClient(TestCertificate.get().trustingClient())
        .disableChallengeResourceVerification()
        .buildClient()
        .setSecret("key", PLANTED);
    ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    KeyVaultSecrets secrets = KeyVaultSecrets.builder(vault.url(), TOKENS)
        .httpClient(TestCertificate.get().trustingClient())
        .verifyChallengeResource(false)
        .timeout(Duration.ofSeconds(2))
        .clock(clock)
        .build();
    secrets.get("key");
    said.add(secrets.toString());
    vault.down(true);
    clock.advance(Duration.ofMinutes(30));
    secrets.get("key");
    clock.advance(Duration.ofHours(1));
    failing(() -> secrets.get("key"));
    vault.down(false);
    vault.revoke(PLANTED + "-token");
    failing(() -> secrets.get("key"));
  }

  private void blob() {
    String connection = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=" + PLANTED_KEY
        + ";BlobEndpoint=http://127.0.0.1:" + Azurite.freePort() + "/a;";
    BlobObjectStore store = BlobObjectStore.builder(connection, "container")
        .timeout(Duration.ofMillis(300))
        .build();
    said.add(store.toString());
    failing(() -> store.get("k"));
    failing(() ->
        BlobObjectStore.builder(connection.replace("AccountName=a;", ""), "c").build());
    for (String wrong : List.of(
        "account.blob.core.windows.net/container?sv=2024-01-01&sig=" + PLANTED,
        "https://account.blob.core.windows.net/container?se=2024-01-01&sig=%" + PLANTED)) {
      failing(() -> BlobObjectStore.builder(wrong).build());
    }
    BlobObjectStore signed = BlobObjectStore.builder("http://127.0.0.1:" + Azurite.freePort()
            + "/account/container?sv=2024-01-01&sig=" + PLANTED)
        .timeout(Duration.ofMillis(300))
        .build();
    said.add(signed.toString());
    failing(() -> signed.get("k"));
  }

  /** What is emitted travels, and is nowhere else; the endpoint's answer quotes it. */
  private void telemetryThatIsRefused() {
    try (Loopback refusing = Loopback.http(request -> {
          int items = Ingestion.decode(request.body()).size();
          String errors = IntStream.range(0, items)
              .mapToObj(
                  i -> "{\"index\":" + i + ",\"statusCode\":400,\"message\":\"" + PLANTED + "\"}")
              .collect(Collectors.joining(","));
          return Reply.json(
              206,
              "{\"itemsReceived\":" + items + ",\"itemsAccepted\":0,\"errors\":[" + errors + "]}");
        });
        AzureMonitorTelemetry telemetry = AzureMonitorTelemetry.builder()
            .connectionString(Ingestion.connectionString(refusing.port()))
            .build()) {
      telemetry.event("e", Map.of("password", PLANTED));
      telemetry.flush(Duration.ofSeconds(20));
      assertThat(telemetry.itemsRefused()).isPositive();
      said.add(telemetry.toString());
    }
  }

  private void cosmos() {
    failing(() -> CosmosAccount.builder("https://127.0.0.1:" + Azurite.freePort() + "/", "d")
        .key(PLANTED_KEY)
        .endpointDiscovery(false)
        .build());
  }

  private void identity(Loopback refusing) {
    Map<String, String> environment = new HashMap<>(Map.of(
        "AZURE_TENANT_ID",
        "00000000-0000-0000-0000-000000000001",
        "AZURE_CLIENT_ID",
        "00000000-0000-0000-0000-000000000002",
        "AZURE_CLIENT_SECRET",
        PLANTED,
        "AZURE_AUTHORITY_HOST",
        refusing.url()));
    TokenCredential identity = AzureIdentity.builder()
        .environment(environment)
        .httpClient(TestCertificate.get().trustingClient())
        .build();
    said.add(identity.toString());
    failing(() -> identity.getTokenSync(new TokenRequestContext().addScopes("https://x/.default")));
  }
}
