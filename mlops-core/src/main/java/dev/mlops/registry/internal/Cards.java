package dev.mlops.registry.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.registry.VersionDraft;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import java.time.Instant;
import java.util.List;

/** The card that every version gets. */
final class Cards {
  private Cards() {}

  /** What the draft says about the model, or nothing but its name. */
  static ModelCard draft(String model, VersionDraft draft) {
    ModelCard card = draft.card().orElseGet(() -> ModelCard.builder(model).build());
    if (!card.model().equals(model)) {
      throw new InvalidInputException(
          "the card is about model '" + card.model() + "', the version is of '" + model + "'");
    }
    return card;
  }

  /** The card's files for a version number, without those that the draft brings along itself. */
  static List<ModelFile> files(
      ModelCard card, VersionDraft draft, Author author, Instant at, int number) {
    var registration =
        new Registration(number, author.actor(), at, author.reason(), draft.runId(), draft.tags());
    return card
        .registered(registration, draft.schema(), draft.metrics(), draft.lineage())
        .files()
        .stream()
        .filter(file -> draft.files().stream().noneMatch(own -> own.name().equals(file.name())))
        .toList();
  }
}
