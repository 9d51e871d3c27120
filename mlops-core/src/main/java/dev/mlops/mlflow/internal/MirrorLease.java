package dev.mlops.mlflow.internal;

import dev.mlops.error.ConflictException;
import dev.mlops.error.CorruptException;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Digests;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/*
 * MLflow has no conditional write, so two mirrors that look and then create make things twice. The
 * registry's store has one: the right to mirror to a server goes by terms 1, 2, 3, ..., each an
 * object that says who has it and until when. Who finds the last term over puts the next one; who
 * has it renews it by the next one when half of it is gone. A term counts only while it is the last
 * one, so a term that is put late, behind others that have come and gone, is noticed by its own
 * maker, who looks again after putting it. Earlier terms are deleted.
 *
 * Clocks of different machines must agree to much less than a term. A process that stands still
 * for half a term between asking for its right and sending one request can send that request late.
 */

/** The right to mirror to one server. Not safe for use by several threads. */
public final class MirrorLease {
  /** How long a term lasts; after a crash nobody mirrors for that long. */
  public static final Duration TERM = Duration.ofMinutes(5);

  private static final int MAX_BYTES = 4096;

  private final ObjectStore store;
  private final Clock clock;
  private final String prefix;
  private final String holder = UUID.randomUUID().toString();
  private Instant until = Instant.EPOCH;

  public MirrorLease(ObjectStore store, Clock clock, String server) {
    this.store = store;
    this.clock = clock;
    this.prefix = "mlflow/terms/"
        + Digests.sha256(server.getBytes(StandardCharsets.UTF_8)).substring(0, 16) + "/";
  }

  private record Term(long number, String holder, Instant until) {}

  /**
   * Takes the right, or makes sure that it is still there.
   *
   * @throws ConflictException if another mirror has it
   */
  public void require() {
    Instant now = clock.instant();
    if (now.isBefore(until.minus(TERM.dividedBy(2)))) {
      return;
    }
    Optional<Term> last = last();
    last.ifPresent(found -> requireFree(found, now));
    put(last.map(Term::number).orElse(0L) + 1, now.plus(TERM));
  }

  /** Gives the right back, so that another mirror need not wait. */
  public void release() {
    until = Instant.EPOCH;
    last().filter(this::isMine).ifPresent(mine -> {
      store.putIfAbsent(key(mine.number() + 1), content(clock.instant())); // another may follow
    });
  }

  /**
   * By its holder alone: a term of ours may have been put although the store reported a failure.
   */
  private boolean isMine(Term found) {
    return found.holder().equals(holder);
  }

  private void requireFree(Term found, Instant now) {
    if (!isMine(found) && now.isBefore(found.until())) {
      until = Instant.EPOCH;
      throw new ConflictException("another mirror (" + found.holder()
          + ") sends to this server; it has the right until " + found.until());
    }
  }

  private void put(long next, Instant end) {
    boolean won = store.putIfAbsent(key(next), content(end));
    Term now = last().orElseThrow(() -> new CorruptException(key(next) + " is missing"));
    if (now.number() != next || !isMine(now)) {
      if (won) {
        store.delete(key(next)); // put too late: others have come and gone
      }
      until = Instant.EPOCH;
      throw new ConflictException(
          "another mirror (" + now.holder() + ") has just taken the right to send to this server");
    }
    until = now.until();
    for (String key : store.list(prefix)) {
      if (number(key) < next) {
        store.delete(key);
      }
    }
  }

  private byte[] content(Instant end) {
    return Sealed.seal(Json.write(
        Json.object().put("formatVersion", 1).put("holder", holder).put("until", end.toString())));
  }

  /** The last term: it may be deleted while it is looked for, but only because there is a later. */
  private Optional<Term> last() {
    while (true) {
      List<String> keys = store.list(prefix);
      if (keys.isEmpty()) {
        return Optional.empty();
      }
      String key = keys.get(keys.size() - 1);
      Optional<byte[]> content = store.get(key, MAX_BYTES);
      if (content.isPresent()) {
        Json term = Json.parse(key, Sealed.require(key, content.get())).requireFormatVersion(1);
        return Optional.of(new Term(number(key), term.text("holder"), term.instant("until")));
      }
    }
  }

  private String key(long number) {
    return prefix + String.format(Locale.ROOT, "term-%018d.json", number);
  }

  private long number(String key) {
    try {
      return Long.parseLong(key.substring(prefix.length() + "term-".length(), key.length() - 5));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new CorruptException(key + " is no term of a mirror", e);
    }
  }
}
