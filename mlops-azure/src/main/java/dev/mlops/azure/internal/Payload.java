package dev.mlops.azure.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Telemetry items, one a line, of which the endpoint may have taken some already. For use by one
 * thread at a time.
 */
final class Payload {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The statuses of single items that the exporter, too, holds to be passing. */
  private static final Set<Integer> PASSING = Set.of(401, 403, 408, 429, 500, 502, 503, 504);

  private final byte[] whole;
  private final BitSet taken;

  Payload(byte[] whole, BitSet taken) {
    this.whole = whole;
    this.taken = (BitSet) taken.clone();
  }

  /** Which items need not be sent again, by their place in the whole. */
  BitSet taken() {
    return (BitSet) taken.clone();
  }

  /** What is still to be sent: the bytes as they came, unless some of it was taken. */
  byte[] rest() {
    if (taken.isEmpty()) {
      return whole;
    }
    List<String> items = items();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (int i = taken.nextClearBit(0); i < items.size(); i = taken.nextClearBit(i + 1)) {
        out.write((items.get(i) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what a 206 says about the rest that was sent.
   *
   * @return whether there is something left to be sent again; what was refused for good is not
   */
  boolean answered(String report) {
    List<String> items = items();
    BitSet left = new BitSet();
    BitSet sent = new BitSet();
    sent.set(0, items.size());
    sent.andNot(taken);
    int[] places = sent.stream().toArray();
    try {
      for (JsonNode error : JSON.readTree(report).path("errors")) {
        int index = error.path("index").asInt(-1);
        if (index >= 0
            && index < places.length
            && PASSING.contains(error.path("statusCode").asInt())) {
          left.set(places[index]);
        }
      }
    } catch (IOException unreadable) {
      return true;
    }
    taken.set(0, items.size());
    taken.andNot(left);
    return !left.isEmpty();
  }

  private List<String> items() {
    byte[] plain = whole;
    if (whole.length > 1 && (whole[0] & 0xff) == 0x1f && (whole[1] & 0xff) == 0x8b) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(whole))) {
        plain = in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new String(plain, StandardCharsets.UTF_8).lines().toList();
  }
}
