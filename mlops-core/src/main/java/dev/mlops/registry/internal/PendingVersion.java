package dev.mlops.registry.internal;

import dev.mlops.model.ModelFile;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.VersionDraft;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.store.internal.Digests;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/*
 * A version on its way into the log. Its files are stored before the log is read for the last time:
 * whoever stores files between reading the end and writing there is overtaken by every faster
 * process, again and again. The card names the version, so it is stored for the number that the
 * version is going to have; if another version gets that number, it is stored again for the next.
 */

/** Not safe for use by several threads. */
final class PendingVersion {
  private final Blobs blobs;
  private final ModelCard card;
  private final VersionDraft draft;
  private final Author author;
  private final Instant at;
  private final Map<Integer, Map<String, Artifact>> stored = new HashMap<>();
  private final StoredContents contents;

  PendingVersion(
      Blobs blobs,
      ModelCard card,
      VersionDraft draft,
      Author author,
      Instant at,
      LongSupplier nanoTime) {
    this.blobs = blobs;
    this.card = card;
    this.draft = draft;
    this.author = author;
    this.at = at;
    this.contents = new StoredContents(nanoTime, this::putAll);
  }

  /** Stores the files that are the same under any version number. */
  void storeFiles() {
    contents.store();
  }

  private void putAll() {
    put(draft.files());
    stored.keySet().forEach(number -> put(cards(number)));
  }

  /** Stores the card for a version number, unless it is. */
  void storeCard(int number) {
    stored.computeIfAbsent(number, missing -> {
      List<ModelFile> cards = cards(missing);
      put(cards);
      var artifacts = new TreeMap<String, Artifact>();
      draft.files().forEach(file -> artifacts.put(file.name(), artifact(file)));
      cards.forEach(file -> artifacts.put(file.name(), artifact(file)));
      return artifacts;
    });
  }

  /** The artifacts under a version number; empty if its card is not stored. */
  Optional<Map<String, Artifact>> artifacts(int number) {
    Map<String, Artifact> artifacts = stored.get(number);
    if (artifacts != null) {
      contents.refresh();
    }
    return Optional.ofNullable(artifacts);
  }

  private List<ModelFile> cards(int number) {
    return Cards.files(card, draft, author, at, number);
  }

  private void put(List<ModelFile> files) {
    for (ModelFile file : files) {
      byte[] content = file.content();
      blobs.put(Digests.sha256(content), content);
    }
  }

  private static Artifact artifact(ModelFile file) {
    byte[] content = file.content();
    return new Artifact(file.name(), file.format(), Digests.sha256(content), content.length);
  }
}
