package dev.mlops.azure.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes keys with the running JDK's keytool. */
final class Keytool {
  static final String PASSWORD = "changeit";

  private Keytool() {}

  /** A new PKCS12 file with a key pair and its self-signed certificate, both under one alias. */
  static void keyPair(Path file, String alias, String algorithm)
      throws IOException, InterruptedException {
    Process keytool = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            alias,
            "-keyalg",
            algorithm,
            "-validity",
            "2",
            "-dname",
            "CN=" + alias,
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            file.toString()))
        .redirectErrorStream(true)
        .start();
    if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      throw new IllegalStateException(
          new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
