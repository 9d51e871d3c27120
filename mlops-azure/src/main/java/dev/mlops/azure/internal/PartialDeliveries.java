package dev.mlops.azure.internal;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers, for payloads that wait in the exporter's offline storage, which of their items were
 * taken already: at most a thousand payloads, for as long as the process lives. Safe for use by
 * several threads.
 */
final class PartialDeliveries {
  private static final int MOST = 1_000;

  private final Map<String, BitSet> taken = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, BitSet> eldest) {
      return size() > MOST;
    }
  };

  /** A payload without what was taken of it before. */
  synchronized Payload payload(byte[] body) {
    return new Payload(body, taken.isEmpty() ? new BitSet() : find(body));
  }

  private BitSet find(byte[] body) {
    BitSet found = taken.get(digest(body));
    return found == null ? new BitSet() : found;
  }

  /** Called when the rest of a payload goes to the offline storage, and comes again from there. */
  synchronized void waits(byte[] body, Payload payload) {
    BitSet known = payload.taken();
    if (!known.isEmpty()) {
      taken.put(digest(body), known);
    }
  }

  /** Called when nothing of a payload is left. */
  synchronized void done(byte[] body) {
    if (!taken.isEmpty()) {
      taken.remove(digest(body));
    }
  }

  private static String digest(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
