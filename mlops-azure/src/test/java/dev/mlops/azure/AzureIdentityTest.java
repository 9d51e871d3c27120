package dev.mlops.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.TokenRequestContext;
import dev.mlops.azure.peer.Azurite;
import dev.mlops.azure.peer.Jvm;
import dev.mlops.azure.peer.Loopback;
import dev.mlops.azure.peer.Loopback.Reply;
import dev.mlops.azure.peer.TestCertificate;
import dev.mlops.error.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Managed identity reads the variables of the process, so those cases run in processes of their
 * own.
 */
class AzureIdentityTest {
  private static final String SCOPE = "https://vault.azure.net/.default";
  private static final String TENANT = "00000000-0000-0000-0000-000000000001";
  private static final String CLIENT = "00000000-0000-0000-0000-000000000002";
  private static final String SECRET = "PLANTED-SECRET";

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

  @Test
  void metadataServiceThatHangs_isGivenUpWithin15Seconds() throws Exception {
    try (var silent = new java.net.ServerSocket(0)) {
      String output = probe(Map.of(
          "AZURE_POD_IDENTITY_AUTHORITY_HOST",
          "http://127.0.0.1:" + silent.getLocalPort(),
          "PATH",
          "/nowhere"));

      assertThat(output).contains("- managed identity (virtual machine): ");
      assertThat(millis(output)).isLessThan(15_000);
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

  private static long millis(String output) {
    String line =
        output.substring(output.indexOf("MILLIS ") + 7).lines().findFirst().orElseThrow();
    return Long.parseLong(line.trim());
  }

  private String probe(Map<String, String> environment) throws Exception {
    Path output = temporary.resolve("output");
    List<String> options = new ArrayList<>(List.of(
        "-Djavax.net.ssl.trustStore=" + TestCertificate.get().file(),
        "-Djavax.net.ssl.trustStorePassword=" + TestCertificate.PASSWORD));
    Process process = Jvm.start(Probe.class, output, options, environment);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output);
  }

  /** Asks for a token as a service would, and prints it or the message. */
  static final class Probe {
    public static void main(String[] args) {
      var credential = AzureIdentity.fromEnvironment();
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
