package dev.mlops.azure.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Telemetry items, one a line, of which the endpoint may have taken some already. Safe for use by
 * several threads.
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
  synchronized BitSet taken() {
    return (BitSet) taken.clone();
  }

  /** What is still to be sent: the bytes as they came, unless some of it was taken. */
  synchronized byte[] rest() {
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
   * What a 206 says about the rest that was sent.
   *
   * @param isDone whether nothing is left to be sent again
   * @param refused the items that were refused for good, by status; they are not sent again
   */
  record Answer(boolean isDone, Map<Integer, Integer> refused) {}

  /** Reads a 206; one that does not account for every item says nothing about any. */
  synchronized Answer answered(String report) {
    List<String> items = items();
    BitSet sent = new BitSet();
    sent.set(0, items.size());
    sent.andNot(taken);
    int[] places = sent.stream().toArray();
    BitSet left = new BitSet();
    Map<Integer, Integer> refused = new TreeMap<>();
    try {
      JsonNode answer = JSON.readTree(report);
      JsonNode errors = answer.path("errors");
      if (answer.path("itemsAccepted").asInt(-1) + errors.size() != places.length) {
        return new Answer(false, Map.of());
      }
      for (JsonNode error : errors) {
        int index = error.path("index").asInt(-1);
        if (index < 0 || index >= places.length) {
          return new Answer(false, Map.of());
        }
        int status = error.path("statusCode").asInt();
        if (PASSING.contains(status)) {
          left.set(places[index]);
        } else {
          refused.merge(status, 1, Integer::sum);
        }
      }
    } catch (JsonProcessingException unreadable) {
      return new Answer(false, Map.of());
    }
    taken.set(0, items.size());
    taken.andNot(left);
    return new Answer(left.isEmpty(), refused);
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
