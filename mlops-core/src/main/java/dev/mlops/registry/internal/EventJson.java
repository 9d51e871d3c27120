package dev.mlops.registry.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.EventInfo;
import dev.mlops.registry.GateResult;
import dev.mlops.registry.Protection;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.store.internal.Json;
import dev.mlops.store.internal.Sealed;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** An event as a sealed JSON object. The reference page "registry events" describes the fields. */
public final class EventJson {
  static final int FORMAT_VERSION = 1;
  static final int MAX_BYTES = 4 << 20;

  private EventJson() {}

  static byte[] write(RegistryEvent event) {
    EventInfo info = event.info();
    ObjectNode node = Json.object()
        .put("formatVersion", FORMAT_VERSION)
        .put("model", info.model())
        .put("seq", info.seq())
        .put("id", info.id())
        .put("prev", info.previous())
        .put("actor", info.actor())
        .put("at", info.at().toString())
        .put("reason", info.reason());
    if (event instanceof RegistryEvent.Registered registered) {
      node.put("type", "registered").set("version", VersionJson.write(registered.version()));
    } else if (event instanceof RegistryEvent.Tagged tagged) {
      node.put("type", "tagged").put("version", tagged.version()).put("key", tagged.key());
      tagged.value().ifPresent(value -> node.put("value", value));
    } else if (event instanceof RegistryEvent.AliasMoved moved) {
      node.put("type", "alias-moved").put("alias", moved.alias());
      moved.from().ifPresent(from -> node.put("from", from));
      moved.to().ifPresent(to -> node.put("to", to));
      node.put("cause", moved.cause().name().toLowerCase(Locale.ROOT));
      moved.evidence().ifPresent(evidence -> node.set("gate", gate(evidence)));
    } else if (event instanceof RegistryEvent.PromotionRejected rejected) {
      node.put("type", "promotion-rejected").put("alias", rejected.alias());
      rejected.from().ifPresent(from -> node.put("from", from));
      node.put("version", rejected.version()).set("gate", gate(rejected.result()));
    } else if (event instanceof RegistryEvent.Approved approved) {
      node.put("type", "approved")
          .put("alias", approved.alias())
          .put("version", approved.version());
    } else if (event instanceof RegistryEvent.AliasProtected guarded) {
      node.put("type", "alias-protected")
          .put("alias", guarded.alias())
          .put("required", guarded.protection().required());
      guarded.protection().approvers().forEach(node.putArray("approvers")::add);
    } else if (event instanceof RegistryEvent.Archived archived) {
      node.put("type", "archived")
          .put("version", archived.version())
          .put("archived", archived.archived());
    } else {
      throw new IllegalArgumentException("an unknown event is never written");
    }
    byte[] sealed = Sealed.seal(Json.write(node));
    if (sealed.length > MAX_BYTES) {
      throw new InvalidInputException("an event of model '" + info.model() + "' would have "
          + sealed.length + " bytes, at most " + MAX_BYTES + " are accepted");
    }
    return sealed;
  }

  private static ObjectNode gate(GateResult result) {
    ObjectNode node = Json.object().put("passed", result.passed());
    if (result instanceof GateResult.Reject reject && reject.undecidable()) {
      node.put("undecidable", true);
    }
    result.reasons().forEach(node.putArray("reasons")::add);
    return node;
  }

  /**
   * Parses an event.
   *
   * @throws CorruptException for anything but a sealed event of format version 1
   */
  public static RegistryEvent read(String key, byte[] content) {
    if (content.length > MAX_BYTES) {
      throw new CorruptException(
          key + " has " + content.length + " bytes, at most " + MAX_BYTES + " are accepted");
    }
    Json node = Json.parse(key, Sealed.require(key, content)).requireFormatVersion(FORMAT_VERSION);
    try {
      return read(node);
    } catch (InvalidInputException e) {
      throw new CorruptException(key + " breaks a rule: " + e.getMessage(), e);
    }
  }

  private static RegistryEvent read(Json node) {
    var info = new EventInfo(
        node.text("model"),
        node.longValue("seq"),
        node.text("id"),
        node.text("prev"),
        node.text("actor"),
        node.instant("at"),
        node.text("reason"));
    String type = node.text("type");
    return switch (type) {
      case "registered" ->
        new RegistryEvent.Registered(info, VersionJson.read(info, node.child("version")));
      case "tagged" ->
        new RegistryEvent.Tagged(
            info, node.intValue("version"), node.text("key"), node.optionalText("value"));
      case "alias-moved" ->
        new RegistryEvent.AliasMoved(
            info,
            node.text("alias"),
            number(node, "from"),
            number(node, "to"),
            cause(node),
            node.has("gate") ? Optional.of(gate(node.child("gate"))) : Optional.empty());
      case "promotion-rejected" ->
        new RegistryEvent.PromotionRejected(
            info,
            node.text("alias"),
            number(node, "from"),
            node.intValue("version"),
            gate(node.child("gate")));
      case "approved" ->
        new RegistryEvent.Approved(info, node.text("alias"), node.intValue("version"));
      case "alias-protected" ->
        new RegistryEvent.AliasProtected(
            info,
            node.text("alias"),
            new Protection(node.intValue("required"), new TreeSet<>(node.texts("approvers"))));
      case "archived" ->
        new RegistryEvent.Archived(info, node.intValue("version"), node.flag("archived"));
      default -> new RegistryEvent.Unknown(info, type);
    };
  }

  private static Optional<Integer> number(Json node, String field) {
    return node.has(field) ? Optional.of(node.intValue(field)) : Optional.empty();
  }

  private static RegistryEvent.AliasMoved.Cause cause(Json node) {
    return switch (node.text("cause")) {
      case "promotion" -> RegistryEvent.AliasMoved.Cause.PROMOTION;
      case "rollback" -> RegistryEvent.AliasMoved.Cause.ROLLBACK;
      case "removal" -> RegistryEvent.AliasMoved.Cause.REMOVAL;
      default -> throw node.corrupt("cause", "promotion, rollback or removal");
    };
  }

  private static GateResult gate(Json node) {
    return node.flag("passed")
        ? new GateResult.Pass(node.texts("reasons"))
        : new GateResult.Reject(
            node.texts("reasons"), node.has("undecidable") && node.flag("undecidable"));
  }
}
