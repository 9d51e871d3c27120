package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.NotFoundException;
import dev.mlops.secret.Secret;
import dev.mlops.secret.SecretSource;
import dev.mlops.store.ObjectStore;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SigningTest {
  private KeyPair keys;
  private SecretSource secrets;

  @BeforeEach
  void generate() throws Exception {
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    secrets = SecretSource.of(Map.of("signing-key", base64(keys.getPrivate().getEncoded())));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private TrustedKeys trusted() {
    return TrustedKeys.of(Map.of("release", base64(keys.getPublic().getEncoded())));
  }

  private ModelRegistry signing(ObjectStore store) {
    return ModelRegistry.builder(store)
        .actor("ann")
        .signer(VersionSigner.ed25519("release", secrets, "signing-key"))
        .trust(trusted())
        .build();
  }

  @Test
  void signedVersion_isReadByThoseWhoTrustTheKey() {
    ObjectStore store = ObjectStore.inMemory();
    ModelVersion version = signing(store).register("fraud", draft("a", 0.9));

    assertThat(version.signature()).isPresent();
    ModelRegistry reader =
        ModelRegistry.builder(store).actor("bob").trust(trusted()).build();
    assertThat(reader.read(reader.get(version.ref()), "model.flat")).asString().isEqualTo("a");
  }

  @Test
  void unsignedForgedOrForeignVersion_isNotRead() throws Exception {
    ObjectStore store = ObjectStore.inMemory();
    ModelVersion unsigned =
        ModelRegistry.builder(store).actor("x").build().register("fraud", draft("a", 0.9));
    assertThatThrownBy(() -> signing(store).read(unsigned, "model.flat"))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("fraud:1 is not signed");

    ModelVersion signed = signing(store).register("fraud", draft("b", 0.9));
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    var foreign = TrustedKeys.of(Map.of("other", base64(other.getPublic().getEncoded())));
    assertThatThrownBy(() -> foreign.require(signed))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("signed with key 'release'; keys [other]");
    var samName = TrustedKeys.of(Map.of("release", base64(other.getPublic().getEncoded())));
    assertThatThrownBy(() -> samName.require(signed)).hasMessageContaining("is not right");
    for (String value : new String[] {"", "%%%", base64(new byte[64])}) {
      ModelVersion forged = signed.signed(new VersionSignature("release", value));
      assertThatThrownBy(() -> trusted().require(forged)).isInstanceOf(CorruptException.class);
    }
    trusted().require(signed);
  }

  @Test
  void signature_coversEverythingThatNeverChanges() {
    ObjectStore store = ObjectStore.inMemory();
    ModelVersion v = signing(store).register("fraud", draft("a", 0.9));
    Artifact file = v.artifact("model.flat");
    var forgeries = new ModelVersion[] {
      copy(v, "fraudx", v.number(), v.artifacts(), v.metrics(), v.lineage()),
      copy(v, v.model(), 2, v.artifacts(), v.metrics(), v.lineage()),
      copy(
          v,
          v.model(),
          1,
          Map.of("model.flat", new Artifact("model.flat", "flat", "0".repeat(64), file.size())),
          v.metrics(),
          v.lineage()),
      copy(v, v.model(), 1, v.artifacts(), Map.of("roc_auc", 0.99), v.lineage()),
      copy(v, v.model(), 1, v.artifacts(), v.metrics(), Map.of("git.commit", "x")),
    };

    for (ModelVersion forgery : forgeries) {
      assertThatThrownBy(() -> trusted().require(forgery)).isInstanceOf(CorruptException.class);
    }
    trusted().require(copy(v, v.model(), 1, v.artifacts(), v.metrics(), v.lineage()));
  }

  private static ModelVersion copy(
      ModelVersion v,
      String model,
      int number,
      Map<String, Artifact> artifacts,
      Map<String, Double> metrics,
      Map<String, String> lineage) {
    return new ModelVersion(
        model,
        number,
        v.schema(),
        artifacts,
        metrics,
        Map.of("tags", "are free"),
        lineage,
        v.runId(),
        "anyone",
        v.at(),
        true,
        v.signature());
  }

  @Test
  void badKeys_areRefusedWithoutShowingThem() {
    SecretSource bad = SecretSource.of(Map.of("k", "c2VjcmV0LW1hdGVyaWFs"));
    assertThatThrownBy(() -> VersionSigner.ed25519("id", bad, "k"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("secret 'k' is no Ed25519 private key")
        .hasMessageNotContaining("c2Vjc");
    assertThatThrownBy(() -> VersionSigner.ed25519("id", bad, "none"))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("there is no secret 'none'");
    assertThatThrownBy(() -> TrustedKeys.of(Map.of("id", "AAAA")))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void secret_doesNotShowItself() {
    Secret secret = Secret.of("hunter2");

    assertThat(secret.toString()).doesNotContain("hunter2");
    assertThat(secret).isEqualTo(Secret.of("hunter2")).isNotEqualTo(Secret.of("hunter3"));
    assertThat(SecretSource.of(Map.of()).or(n -> java.util.Optional.of(secret)).get("x"))
        .isEqualTo(secret);
    assertThat(SecretSource.environment().find("MLOPS_NO_SUCH_VARIABLE")).isEmpty();
    assertThat(secret.hashCode()).isEqualTo(Secret.of("other").hashCode());
  }
}
