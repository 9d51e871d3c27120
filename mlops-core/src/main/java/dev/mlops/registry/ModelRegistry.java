package dev.mlops.registry;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.internal.LogRegistry;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Names;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Versions of models and the aliases that point at them. Registering, promoting and rolling back
 * are linearizable across threads and processes that share the store, and durable when they return.
 * Safe for use by several threads.
 *
 * <p>Every method throws {@link dev.mlops.error.ForbiddenException} if the {@link Authorizer} does
 * not allow it; {@link #models} and {@link #search} leave out what may not be read instead.
 *
 * <p>Every method that changes something throws {@link dev.mlops.error.UnavailableException} if the
 * store fails for so long that the outcome is not known, and
 * {@link dev.mlops.error.ConflictException} if the model's log was written by a newer version of
 * this library. Every method throws {@link dev.mlops.error.CorruptException} if the log is not what
 * was written.
 */
public interface ModelRegistry {
  /**
   * Creates an empty registry in memory, for tests and trials.
   *
   * @return a registry with the actor {@code "test"}
   */
  static ModelRegistry inMemory() {
    return builder(ObjectStore.inMemory()).actor("test").build();
  }

  /**
   * Starts a registry on a store.
   *
   * @param store holds everything; remains the caller's to close
   * @return a builder
   */
  static Builder builder(ObjectStore store) {
    return new Builder(store);
  }

  /**
   * Returns the same registry for another actor.
   *
   * @param actor recorded with every change
   * @return a view; nothing is copied
   */
  ModelRegistry by(String actor);

  /**
   * Returns the same registry with a reason.
   *
   * @param reason recorded with every change
   * @return a view; nothing is copied
   */
  ModelRegistry because(String reason);

  /**
   * Registers the next version of a model. Files are stored first, under their digests; the version
   * exists when its event is written.
   *
   * @param model the model's name; created if new
   * @param draft the version
   * @return the version with its number
   * @throws InvalidInputException if the name is not valid
   * @throws dev.mlops.error.ConflictException if the name differs only in case from another model's
   */
  ModelVersion register(String model, VersionDraft draft);

  /**
   * Lists the models.
   *
   * @return the names of models with at least one version, sorted
   */
  List<String> models();

  /**
   * Lists the versions of a model.
   *
   * @param model the model's name
   * @return the versions by number; empty if there is no such model
   */
  List<ModelVersion> versions(String model);

  /**
   * Looks up a version. If nothing changed, this is one read of the store.
   *
   * @param ref a number or an alias
   * @return the version, or empty if there is no such model, version or alias
   */
  Optional<ModelVersion> find(ModelRef ref);

  /**
   * Looks up a version that must exist.
   *
   * @param ref a number or an alias
   * @return the version
   * @throws dev.mlops.error.NotFoundException if it does not; the message says what exists
   */
  ModelVersion get(ModelRef ref);

  /**
   * Reads a file of a version. The digest is taken from the log, not from the argument, and the
   * content is compared with it before anything is returned.
   *
   * @param version the version
   * @param artifact the file's name
   * @return the content
   * @throws dev.mlops.error.NotFoundException if there is no such version or file
   * @throws dev.mlops.error.CorruptException if the content is missing or is not what was
   *     registered
   */
  byte[] read(ModelVersion version, String artifact);

  /**
   * Returns the state of a model.
   *
   * @param model the model's name
   * @return the state now; empty state if there is no such model
   */
  ModelSnapshot snapshot(String model);

  /**
   * Returns a past state of a model: after the last event whose recorded time is not later. The
   * order of events is that of the log; a clock that was wrong then is wrong here.
   *
   * @param model the model's name
   * @param instant the time asked for
   * @return the state then
   */
  ModelSnapshot at(String model, Instant instant);

  /**
   * Returns everything that ever happened to a model.
   *
   * @param model the model's name
   * @return the events in order
   */
  List<RegistryEvent> history(String model);

  /**
   * Points an alias at a version if a gate lets it. The gate judges exactly the state that the
   * event follows. A rejection is recorded too. If the alias is protected and approvals are
   * missing, the promotion is rejected as if by the gate.
   *
   * @param candidate the version
   * @param alias the alias, such as {@code champion}
   * @param gate the condition
   * @return what happened and why
   * @throws dev.mlops.error.NotFoundException if there is no such version
   * @throws dev.mlops.error.ConflictException if the version is archived
   */
  Promotion promote(ModelRef.Version candidate, String alias, Gate gate);

  /**
   * Points an alias at a version if a gate lets it.
   *
   * @param candidate the version
   * @param alias the alias
   * @param gate the condition
   * @return what happened and why
   */
  default Promotion promote(ModelVersion candidate, String alias, Gate gate) {
    return promote(candidate.ref(), alias, gate);
  }

  /**
   * Points an alias at a version if a gate lets it and the alias still points where the caller
   * believes.
   *
   * @param candidate the version
   * @param alias the alias
   * @param gate the condition
   * @param expected the number of the version that the alias points at, or 0 for none
   * @return what happened and why
   * @throws dev.mlops.error.ConflictException if the alias points elsewhere; the message names both
   */
  Promotion promote(ModelRef.Version candidate, String alias, Gate gate, int expected);

  /**
   * Points an alias back at the version it had before its last promotion. Repeating it goes further
   * back. Needs no new approvals: the version was approved then.
   *
   * @param model the model's name
   * @param alias the alias
   * @return what happened
   * @throws dev.mlops.error.NotFoundException if there is no such model or nothing to go back to
   * @throws dev.mlops.error.ConflictException if the earlier version is archived
   */
  Promotion rollback(String model, String alias);

  /**
   * Takes an alias away. Does nothing if it points nowhere.
   *
   * @param model the model's name
   * @param alias the alias
   * @throws dev.mlops.error.ConflictException if the alias is protected
   */
  void removeAlias(String model, String alias);

  /**
   * Sets a tag.
   *
   * @param version the version
   * @param key the tag's name
   * @param value at most 8192 characters
   */
  void tag(ModelRef.Version version, String key, String value);

  /**
   * Removes a tag. Does nothing if it is not set.
   *
   * @param version the version
   * @param key the tag's name
   */
  void untag(ModelRef.Version version, String key);

  /**
   * Puts a version away: it stays readable and cannot be promoted.
   *
   * @param version the version
   * @throws dev.mlops.error.ConflictException if an alias points at it
   */
  void archive(ModelRef.Version version);

  /**
   * Brings a version back from the archive.
   *
   * @param version the version
   */
  void unarchive(ModelRef.Version version);

  /**
   * Lets an alias move only with approvals from now on. Once it is protected, only its approvers
   * change that.
   *
   * @param model the model's name
   * @param alias the alias
   * @param protection whose approvals and how many
   * @throws dev.mlops.error.ConflictException if the alias is protected and this actor is none of
   *     its approvers
   */
  void protect(String model, String alias, Protection protection);

  /**
   * Agrees, as this registry's actor, that a version gets an alias. Does nothing if this actor has
   * agreed before.
   *
   * @param version the version
   * @param alias the alias
   * @throws dev.mlops.error.ConflictException if this actor registered the version
   */
  void approve(ModelRef.Version version, String alias);

  /**
   * Finds versions in all models.
   *
   * @param query which versions
   * @return the versions by model and number
   */
  List<ModelVersion> search(VersionQuery query);

  /**
   * Follows a model by asking.
   *
   * @param model the model's name, which need not exist yet
   * @param listener hears of every later event
   * @return a watch that looks when {@link Watch#poll()} is called
   */
  Watch watch(String model, Consumer<RegistryEvent> listener);

  /**
   * Follows a model by the clock. Failures are logged once and looking goes on.
   *
   * @param model the model's name, which need not exist yet
   * @param listener hears of every later event, on a thread of the executor
   * @param interval how long to wait between looks
   * @param executor runs the looks; remains the caller's to shut down
   * @return a watch that looks until it is closed
   */
  Watch watch(
      String model,
      Consumer<RegistryEvent> listener,
      Duration interval,
      ScheduledExecutorService executor);

  /**
   * Removes contents that no version uses, as killed registrations leave them, and what killed
   * writers left in the store. It takes two grace periods until a content is gone. A registration
   * or import that goes on meanwhile loses nothing, as long as the clocks of collecting processes
   * differ by less than the grace period minus half an hour. Call it now and then, such as daily.
   *
   * @param grace how long a content must have been without a user, at least an hour; a day is good
   *     if the clocks of all machines agree to the hour
   * @return what was done
   * @throws dev.mlops.error.CorruptException if a log is damaged or shorter than its segments, or
   *     anything else of a model is there without its log; nothing is collected then
   * @throws dev.mlops.error.ConflictException if a log has an event that this library does not know
   */
  GarbageReport collectGarbage(Duration grace);

  /**
   * Writes a model with all versions and its whole history into one file.
   *
   * @param model the model's name
   * @param file the file, replaced if it exists, never left half written
   * @throws dev.mlops.error.NotFoundException if there is no such model
   */
  void exportTo(String model, Path file);

  /**
   * Reads a file written by {@link #exportTo}: checks all of it first, then adds the events and
   * contents that are not there yet. Importing a file again changes nothing.
   *
   * @param file the file; not followed if it is a symbolic link
   * @param maxBytes the largest accepted size in bytes
   * @return the model's state afterwards
   * @throws dev.mlops.error.CorruptException if the file is anything else; nothing was written
   * @throws dev.mlops.error.ConflictException if the model has another history here
   */
  ModelSnapshot importFrom(Path file, long maxBytes);

  /**
   * Reads everything and checks it: the seal, order, chain and meaning of every event, the digest
   * of every content, and that nothing unknown lies in the store. Repairs nothing.
   *
   * @return what was found
   */
  Verification verify();

  /** Collects what a registry needs. Not safe for use by several threads. */
  final class Builder {
    private final ObjectStore store;
    private String actor = System.getProperty("user.name", "unknown");
    private Clock clock = Clock.systemUTC();
    private @Nullable VersionSigner signer;
    private @Nullable TrustedKeys trusted;
    private Authorizer authorizer = Authorizer.allowAll();

    private Builder(ObjectStore store) {
      this.store = requireNonNull(store, "store");
    }

    /**
     * Names who is recorded with every change; the operating system's user unless set.
     *
     * @param name not blank, at most 250 characters
     * @return this builder
     */
    public Builder actor(String name) {
      Names.requireEntry("actor", name, "");
      this.actor = name;
      return this;
    }

    /**
     * Sets the clock that stamps events.
     *
     * @param value the clock; UTC system time unless set
     * @return this builder
     */
    public Builder clock(Clock value) {
      this.clock = requireNonNull(value, "clock");
      return this;
    }

    /**
     * Signs every version that is registered.
     *
     * @param value holds the key
     * @return this builder
     */
    public Builder signer(VersionSigner value) {
      this.signer = requireNonNull(value, "signer");
      return this;
    }

    /**
     * Reads files only of versions signed with one of these keys.
     *
     * @param value the keys
     * @return this builder
     */
    public Builder trust(TrustedKeys value) {
      this.trusted = requireNonNull(value, "trusted");
      return this;
    }

    /**
     * Asks before anything is changed or returned; everything is allowed unless set.
     *
     * @param value decides; refused calls throw {@link dev.mlops.error.ForbiddenException}
     * @return this builder
     */
    public Builder authorizer(Authorizer value) {
      this.authorizer = requireNonNull(value, "authorizer");
      return this;
    }

    /**
     * Creates the registry. Reads nothing yet.
     *
     * @return the registry
     */
    public ModelRegistry build() {
      return new LogRegistry(
          store,
          clock,
          actor,
          Optional.ofNullable(signer),
          Optional.ofNullable(trusted),
          authorizer);
    }
  }
}
