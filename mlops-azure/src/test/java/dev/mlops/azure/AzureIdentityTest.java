package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops.azure.internal.CredentialChain;
import dev.mlops.azure.internal.CredentialChain.Attempt;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.ClientCertificate;
import dev.mlops.azure.peer.Jvm;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.TestCertificate;
import dev.mlops.error.UnavailableException;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import reactor.core.publisher.Mono;

/**
 * Managed identity reads the variables of the process, so those cases run in processes of their
 * own.
 */
@Execution(ExecutionMode.CONCURRENT)
class AzureIdentityTest {
  private static final String SCOPE = "https://vault.azure.net/.default";
  private static final String TENANT = "00000000-0000-0000-0000-000000000001";
  private static final String CLIENT = "00000000-0000-0000-0000-000000000002";
  private static final String SECRET = "PLANTED-SECRET";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  Path temporary;

  private final Loopback authority = Loopback.https(request -> Reply.json(
      200, "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"entra-token\"}"));
  private final Loopback metadata = Loopback.http(request -> Reply.json(
      200,
      "{\"access_token\":\"managed-token\",\"expires_in\":\"3600\",\"expires_on\":\""
          + (System.currentTimeMillis() / 1000 + 3600)
          + "\",\"resource\":\"r\",\"token_type\":\"Bearer\"}"));

  @AfterEach
  void stop() {
    authority.close();
    metadata.close();
  }

  private AzureIdentity.Builder identity(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("AZURE_AUTHORITY_HOST", authority.url());
    return AzureIdentity.builder()
        .environment(all)
        .httpClient(TestCertificate.get().trustingClient());
  }

  private static String token(AzureIdentity.Builder identity) {
    return identity
        .build()
        .getTokenSync(new TokenRequestContext().addScopes(SCOPE))
        .getToken();
  }

  @Test
  void clientSecret_asksTheAuthority() {
    String token = token(identity(Map.of(
        "AZURE_TENANT_ID", TENANT, "AZURE_CLIENT_ID", CLIENT, "AZURE_CLIENT_SECRET", SECRET)));

    assertThat(token).isEqualTo("entra-token");
    var request = authority.requests().get(0);
    assertThat(request.path()).isEqualTo("/" + TENANT + "/oauth2/v2.0/token");
    assertThat(request.text()).contains("client_secret=" + SECRET, "grant_type=client_credentials");
  }

  @Test
  void workloadIdentity_sendsTheFederatedToken() throws Exception {
    Path file = Files.writeString(temporary.resolve("token"), "federated");

    String token = token(identity(Map.of(
        "AZURE_TENANT_ID", TENANT,
        "AZURE_CLIENT_ID", CLIENT,
        "AZURE_FEDERATED_TOKEN_FILE", file.toString())));

    assertThat(token).isEqualTo("entra-token");
    assertThat(authority.requests().get(0).text()).contains("client_assertion=federated");
  }

  private AzureIdentity.Builder certificate(Path pem) {
    return identity(Map.of(
        "AZURE_TENANT_ID", TENANT,
        "AZURE_CLIENT_ID", CLIENT,
        "AZURE_CLIENT_CERTIFICATE_PATH", pem.toString()));
  }

  @Test
  void clientCertificate_signsWhatItAsksTheAuthorityWith() throws Exception {
    ClientCertificate mine = ClientCertificate.create(temporary);

    assertThat(token(certificate(mine.pem()))).isEqualTo("entra-token");

    var request = authority.requests().get(0);
    assertThat(request.path()).isEqualTo("/" + TENANT + "/oauth2/v2.0/token");
    assertThat(request.text()).contains("grant_type=client_credentials", "client_assertion_type=");
    String assertion = Stream.of(request.text().split("&", -1))
        .filter(part -> part.startsWith("client_assertion="))
        .map(part -> part.substring("client_assertion=".length()))
        .findFirst()
        .orElseThrow();
    String[] parts = assertion.split("\\.", -1);
    JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
    JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    assertThat(claims.get("iss").asText()).isEqualTo(CLIENT);
    assertThat(claims.get("sub").asText()).isEqualTo(CLIENT);
    assertThat(claims.get("aud").asText()).startsWith(authority.url() + "/" + TENANT);
    Signature signature;
    if (header.get("alg").asText().equals("PS256")) {
      signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    } else {
      signature = Signature.getInstance("SHA256withRSA");
    }
    signature.initVerify(mine.certificate());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  @Test
  void clientCertificate_thatIsRefusedOrUnusable_saysSoAndTriesNoOther() throws Exception {
    ClientCertificate mine = ClientCertificate.create(temporary);
    Path nonsense = Files.writeString(temporary.resolve("nonsense.pem"), "nonsense");
    authority.handler(request -> Reply.json(
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700027: The certificate is"
            + " not registered.\",\"error_codes\":[700027]}"));

    for (var wrong : Map.of(
            mine.pem(), "AADSTS700027", temporary.resolve("none.pem"), "none.pem", nonsense, "")
        .entrySet()) {
      assertThatThrownBy(() -> token(certificate(wrong.getKey())))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("- client secret: AZURE_CLIENT_SECRET is not set")
          .hasMessageContaining("- client certificate: ")
          .hasMessageContaining(wrong.getValue())
          .hasMessageContaining("- managed identity (virtual machine): not tried");
    }
    assertThat(authority.requests()).hasSize(1);
  }

  @Test
  void clientSecret_thatIsRefused_saysSoAndTriesNoOther() {
    authority.handler(request -> Reply.json(
        401,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret "
            + SECRET + " provided.\",\"error_codes\":[7000215]}"));

    assertThatThrownBy(() -> token(identity(Map.of(
            "AZURE_TENANT_ID", TENANT, "AZURE_CLIENT_ID", CLIENT, "AZURE_CLIENT_SECRET", SECRET))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("client secret: ")
        .hasMessageContaining("AADSTS7000215")
        .hasMessageContaining("managed identity (virtual machine): not tried")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void appService_asksItsEndpointWithItsHeader() throws Exception {
    String output = probe(Map.of(
        "IDENTITY_ENDPOINT", metadata.url() + "/msi/token",
        "IDENTITY_HEADER", SECRET,
        "AZURE_CLIENT_ID", CLIENT));

    assertThat(output).contains("TOKEN managed-token").doesNotContain(SECRET);
    var request = metadata.requests().get(0);
    assertThat(request.header("X-IDENTITY-HEADER")).isEqualTo(SECRET);
    assertThat(request.query())
        .contains("api-version=2019-08-01", "client_id=" + CLIENT, "resource=");
  }

  @Test
  void virtualMachine_asksTheMetadataService() throws Exception {
    String output = probe(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", metadata.url()));

    assertThat(output).contains("TOKEN managed-token");
    var request = metadata.requests().get(0);
    assertThat(request.path()).isEqualTo("/metadata/identity/oauth2/token");
    assertThat(request.header("Metadata")).isEqualTo("true");
  }

  @Test
  void nothingConfigured_isToldLineByLineWithin15Seconds() throws Exception {
    String output = probe(Map.of(
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "http://127.0.0.1:" + Azurite.freePort(),
        "AZURE_CLIENT_ID",
        CLIENT,
        "PATH",
        "/nowhere"));

    assertThat(output)
        .contains("no Azure identity gave a token (")
        .contains("- client secret: AZURE_TENANT_ID, AZURE_CLIENT_SECRET are not set")
        .contains(
            "- client certificate: AZURE_TENANT_ID, AZURE_CLIENT_CERTIFICATE_PATH are not set")
        .contains("- workload identity: AZURE_TENANT_ID, AZURE_FEDERATED_TOKEN_FILE are not set")
        .contains("- managed identity (virtual machine): ")
        .contains("- Azure CLI: az is not on the PATH");
    assertThat(millis(output)).isLessThan(15_000);
  }

  /** A PATH on which {@code az} is the given script. */
  private String pathWithAz(String script) throws Exception {
    Path az =
        Files.createDirectory(temporary.resolve("bin-" + System.nanoTime())).resolve("az");
    Files.writeString(az, "#!/bin/sh\n" + script + "\n");
    assertThat(az.toFile().setExecutable(true)).isTrue();
    return az.getParent() + File.pathSeparator + System.getenv("PATH");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void azureCli_isAskedForTheScope() throws Exception {
    Path asked = temporary.resolve("asked");
    String output = probe(
        Map.of(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            "http://127.0.0.1:" + Azurite.freePort(),
            "PATH",
            pathWithAz("echo \"$@\" > " + asked + "\necho '{\"accessToken\": \"cli-token\","
                + " \"expiresOn\": \"2099-01-01 00:00:00.000000\", \"expires_on\": 4070908800,"
                + " \"subscription\": \"s\", \"tenant\": \"t\", \"tokenType\": \"Bearer\"}'")),
        "PT6S");

    assertThat(output).contains("TOKEN cli-token");
    assertThat(Files.readString(asked))
        .contains("account get-access-token", "https://vault.azure.net");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void azureCli_thatIsNotLoggedIn_saysSo() throws Exception {
    String output = probe(
        Map.of(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            "http://127.0.0.1:" + Azurite.freePort(),
            "PATH",
            pathWithAz("echo \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1")),
        "PT6S");

    assertThat(output)
        .contains("no Azure identity gave a token (")
        .containsPattern("- Azure CLI: .*az login")
        .doesNotContain("TOKEN ");
  }

  @Test
  void metadataServiceThatHangs_isGivenUpWithinTheTimeout() throws Exception {
    try (var silent = new java.net.ServerSocket(0)) {
      String output = probe(
          Map.of(
              "AZURE_POD_IDENTITY_AUTHORITY_HOST",
              "http://127.0.0.1:" + silent.getLocalPort(),
              "PATH",
              "/nowhere"),
          "PT3S");

      assertThat(output).contains("- managed identity (virtual machine): no answer in time");
      assertThat(millis(output)).isBetween(3_000L, 8_000L);
    }
  }

  @Test
  void secondToken_comesFromTheIdentityThatWorked() throws Exception {
    Path file = Files.writeString(temporary.resolve("token"), "federated");
    var credential = identity(Map.of(
            "AZURE_TENANT_ID", TENANT,
            "AZURE_CLIENT_ID", CLIENT,
            "AZURE_FEDERATED_TOKEN_FILE", file.toString()))
        .timeout(Duration.ofSeconds(5))
        .build();

    assertThat(credential
            .getToken(new TokenRequestContext().addScopes(SCOPE))
            .blockOptional()
            .orElseThrow()
            .getToken())
        .isEqualTo("entra-token");
    assertThat(
            credential.getTokenSync(new TokenRequestContext().addScopes(SCOPE)).getToken())
        .isEqualTo("entra-token");
  }

  private static TokenCredential gives(String token) {
    return request ->
        Mono.just(new AccessToken(token, OffsetDateTime.now(ZoneOffset.UTC).plusHours(1)));
  }

  /** Says nothing the first time, then gives a token. */
  private static TokenCredential slowAtFirst(String token) {
    AtomicInteger asked = new AtomicInteger();
    return request -> asked.getAndIncrement() == 0 ? Mono.never() : gives(token).getToken(request);
  }

  private static CredentialChain chain(Attempt... attempts) {
    return new CredentialChain(List.of(attempts), Duration.ofMillis(500), Set.of());
  }

  @Test
  void configuredIdentity_withoutAnAnswer_letsNoOtherWin() {
    CredentialChain chain = chain(
        Attempt.of("client secret", slowAtFirst("mine")),
        Attempt.probe("Azure CLI", gives("somebody's")));
    TokenRequestContext request = new TokenRequestContext().addScopes(SCOPE);

    assertThatThrownBy(() -> chain.getTokenSync(request))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("- client secret: no answer in time")
        .hasMessageContaining("- Azure CLI: not tried");
    assertThat(chain.getTokenSync(request).getToken()).isEqualTo("mine");
  }

  @Test
  void probedIdentity_withoutAnAnswer_isAskedAgainForTheNextToken() {
    CredentialChain chain = chain(
        Attempt.probe("managed identity", slowAtFirst("mine")),
        Attempt.probe("Azure CLI", gives("somebody's")));
    TokenRequestContext request = new TokenRequestContext().addScopes(SCOPE);

    assertThat(chain.getTokenSync(request).getToken()).isEqualTo("somebody's");
    assertThat(chain.getTokenSync(request).getToken()).isEqualTo("mine");
    assertThat(chain.getTokenSync(request).getToken()).isEqualTo("mine");
  }

  private static long millis(String output) {
    String line =
        output.substring(output.indexOf("MILLIS ") + 7).lines().findFirst().orElseThrow();
    return Long.parseLong(line.trim());
  }

  /** The timeout is the default one unless given. */
  private String probe(Map<String, String> environment, String... timeout) throws Exception {
    Path output = temporary.resolve("output");
    List<String> options = new ArrayList<>(List.of(
        "-Djavax.net.ssl.trustStore=" + TestCertificate.get().file(),
        "-Djavax.net.ssl.trustStorePassword=" + TestCertificate.PASSWORD));
    Process process = Jvm.start(Probe.class, output, options, environment, timeout);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  /** Asks for a token as a service would, and prints it or the message. */
  static final class Probe {
    public static void main(String[] args) {
      var credential = args.length == 0
          ? AzureIdentity.fromEnvironment()
          : AzureIdentity.builder().timeout(Duration.parse(args[0])).build();
      long start = System.nanoTime();
      try {
        System.out.println("TOKEN "
            + credential
                .getTokenSync(new TokenRequestContext().addScopes(SCOPE))
                .getToken());
      } catch (UnavailableException e) {
        System.out.println(e.getMessage());
      }
      System.out.println("MILLIS " + (System.nanoTime() - start) / 1_000_000);
      System.exit(0);
    }
  }
}
