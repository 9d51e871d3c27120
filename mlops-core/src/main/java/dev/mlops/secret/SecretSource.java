package dev.mlops.secret;

import dev.mlops.error.NotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where secrets come from: the environment, a vault. Implementations are safe for use by several
 * threads.
 */
@FunctionalInterface
public interface SecretSource {
  /**
   * Looks up a secret.
   *
   * @param name the secret's name
   * @return the secret, or empty if there is none
   * @throws dev.mlops.error.UnavailableException if the source does not answer
   */
  Optional<Secret> find(String name);

  /**
   * Looks up a secret that must exist.
   *
   * @param name the secret's name
   * @return the secret
   * @throws NotFoundException if there is none; the message holds only the name
   */
  default Secret get(String name) {
    return find(name).orElseThrow(() -> new NotFoundException("there is no secret '" + name + "'"));
  }

  /**
   * Asks this source first, then another.
   *
   * @param fallback asked for what this source does not have
   * @return the chain
   */
  default SecretSource or(SecretSource fallback) {
    return name -> find(name).or(() -> fallback.find(name));
  }

  /**
   * Reads environment variables by their exact name.
   *
   * @return the source
   */
  static SecretSource environment() {
    return name -> Optional.ofNullable(System.getenv(name)).map(Secret::of);
  }

  /**
   * Keeps secrets in memory, for tests.
   *
   * @param secrets texts by name, copied
   * @return the source; it does not show them
   */
  static SecretSource of(Map<String, String> secrets) {
    var copy = new TreeMap<>(secrets);
    return name -> Optional.ofNullable(copy.get(name)).map(Secret::of);
  }
}
