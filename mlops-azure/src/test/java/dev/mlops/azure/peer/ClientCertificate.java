package dev.mlops.azure.peer;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The key and the self-signed certificate of an application, as a PEM file.
 *
 * @param pem both, one after the other
 * @param certificate what Entra ID would have been told
 */
public record ClientCertificate(Path pem, X509Certificate certificate) {
  /** Makes a new one in a directory. */
  public static ClientCertificate create(Path directory) throws Exception {
    Path file = directory.resolve("application.p12");
    Keytool.keyPair(file, "application", "RSA");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, Keytool.PASSWORD.toCharArray());
    }
    var certificate = (X509Certificate) keys.getCertificate("application");
    byte[] key = keys.getKey("application", Keytool.PASSWORD.toCharArray()).getEncoded();
    return new ClientCertificate(
        Files.writeString(
            directory.resolve("application.pem"),
            block("PRIVATE KEY", key) + block("CERTIFICATE", certificate.getEncoded())),
        certificate);
  }

  private static String block(String kind, byte[] content) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
