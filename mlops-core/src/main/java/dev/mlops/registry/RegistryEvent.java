package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** One state change of a model, as written in its log. Immutable. */
public sealed interface RegistryEvent {
  /**
   * Returns who, when, why and where in the log.
   *
   * @return the header
   */
  EventInfo info();

  /**
   * A version was registered.
   *
   * @param info who, when, why
   * @param version the version with the tags it was registered with
   */
  record Registered(EventInfo info, ModelVersion version) implements RegistryEvent {
    /** Creates the event. */
    public Registered {
      requireNonNull(info, "info");
      requireNonNull(version, "version");
    }
  }

  /**
   * A tag of a version was set or removed.
   *
   * @param info who, when, why
   * @param version the version's number
   * @param key the tag's name
   * @param value the new value; empty if the tag was removed
   */
  record Tagged(EventInfo info, int version, String key, Optional<String> value)
      implements RegistryEvent {
    /** Creates the event. */
    public Tagged {
      requireNonNull(info, "info");
      requireNonNull(key, "key");
      requireNonNull(value, "value");
    }
  }

  /**
   * An alias was pointed at a version, or taken away.
   *
   * @param info who, when, why
   * @param alias the alias
   * @param from the version it pointed at before, if any
   * @param to the version it points at now; empty if it was taken away
   * @param cause how it came about
   * @param evidence what the gate found; empty unless {@code cause} is a promotion
   */
  record AliasMoved(
      EventInfo info,
      String alias,
      Optional<Integer> from,
      Optional<Integer> to,
      Cause cause,
      Optional<GateResult> evidence)
      implements RegistryEvent {
    /** Why an alias moved. */
    public enum Cause {
      /** A gate passed. */
      PROMOTION,
      /** Back to the version before. */
      ROLLBACK,
      /** The alias was taken away. */
      REMOVAL
    }

    /** Creates the event. */
    public AliasMoved {
      requireNonNull(info, "info");
      requireNonNull(alias, "alias");
      requireNonNull(from, "from");
      requireNonNull(to, "to");
      requireNonNull(cause, "cause");
      requireNonNull(evidence, "evidence");
    }
  }

  /**
   * A gate rejected a promotion; the alias did not move.
   *
   * @param info who, when, why
   * @param alias the alias that was asked for
   * @param from the version it pointed at and still does, if any
   * @param version the version that was refused
   * @param result what the gate found
   */
  record PromotionRejected(
      EventInfo info, String alias, Optional<Integer> from, int version, GateResult result)
      implements RegistryEvent {
    /** Creates the event. */
    public PromotionRejected {
      requireNonNull(info, "info");
      requireNonNull(alias, "alias");
      requireNonNull(from, "from");
      requireNonNull(result, "result");
    }
  }

  /**
   * Someone, the event's actor, agreed that a version may get an alias.
   *
   * @param info who, when, why
   * @param alias the alias
   * @param version the version's number
   */
  record Approved(EventInfo info, String alias, int version) implements RegistryEvent {
    /** Creates the event. */
    public Approved {
      requireNonNull(info, "info");
      requireNonNull(alias, "alias");
    }
  }

  /**
   * From now on an alias moves only with approvals.
   *
   * @param info who, when, why
   * @param alias the alias
   * @param protection whose approvals and how many
   */
  record AliasProtected(EventInfo info, String alias, Protection protection)
      implements RegistryEvent {
    /** Creates the event. */
    public AliasProtected {
      requireNonNull(info, "info");
      requireNonNull(alias, "alias");
      requireNonNull(protection, "protection");
    }
  }

  /**
   * A version was put away, or brought back.
   *
   * @param info who, when, why
   * @param version the version's number
   * @param archived true if it was put away
   */
  record Archived(EventInfo info, int version, boolean archived) implements RegistryEvent {
    /** Creates the event. */
    public Archived {
      requireNonNull(info, "info");
    }
  }

  /**
   * An event of a type that this version of the library does not know. The model can be read but
   * not changed.
   *
   * @param info who, when, why
   * @param type the type as written
   */
  record Unknown(EventInfo info, String type) implements RegistryEvent {
    /** Creates the event. */
    public Unknown {
      requireNonNull(info, "info");
      requireNonNull(type, "type");
    }
  }
}
