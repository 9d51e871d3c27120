package dev.mlops.registry.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.ConflictException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Artifact;
import dev.mlops.registry.Authorizer;
import dev.mlops.registry.Authorizer.Action;
import dev.mlops.registry.EventInfo;
import dev.mlops.registry.GarbageReport;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.Promotion;
import dev.mlops.registry.Protection;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.registry.TrustedKeys;
import dev.mlops.registry.Verification;
import dev.mlops.registry.VersionDraft;
import dev.mlops.registry.VersionQuery;
import dev.mlops.registry.VersionSigner;
import dev.mlops.registry.Watch;
import dev.mlops.store.ObjectStore;
import dev.mlops.store.internal.Names;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** The registry on event logs. Safe for use by several threads. */
public final class LogRegistry implements ModelRegistry {
  private final Shared shared;
  private final Author author;

  public LogRegistry(
      ObjectStore store,
      Clock clock,
      String actor,
      Optional<VersionSigner> signer,
      Optional<TrustedKeys> trusted,
      Authorizer authorizer) {
    this(new Shared(store, clock, signer, trusted, authorizer), new Author(actor, ""));
  }

  private LogRegistry(Shared shared, Author author) {
    this.shared = shared;
    this.author = author;
  }

  /** What all views of one registry have in common. */
  private static final class Shared {
    private final ObjectStore store;
    private final Clock clock;
    private final Blobs blobs;
    private final Catalog catalog;
    private final Optional<VersionSigner> signer;
    private final Optional<TrustedKeys> trusted;
    private final Authorizer authorizer;
    private final Map<String, ModelLog> logs = new ConcurrentHashMap<>();

    Shared(
        ObjectStore store,
        Clock clock,
        Optional<VersionSigner> signer,
        Optional<TrustedKeys> trusted,
        Authorizer authorizer) {
      this.store = store;
      this.clock = clock;
      this.signer = signer;
      this.trusted = trusted;
      this.authorizer = authorizer;
      this.blobs = new Blobs(store);
      this.catalog = new Catalog(store);
    }

    ModelLog log(String model) {
      ModelRef.requireName("model", model);
      return logs.computeIfAbsent(model, name -> new ModelLog(name, store, clock));
    }
  }

  /** The log of a model that this actor may do something with. */
  private ModelLog log(Action action, String model) {
    ModelRef.requireName("model", model);
    shared.authorizer.require(author.actor(), action, model);
    return shared.log(model);
  }

  public ObjectStore store() {
    return shared.store;
  }

  public Clock clock() {
    return shared.clock;
  }

  @Override
  public ModelRegistry by(String actor) {
    Names.requireEntry("actor", actor, "");
    return new LogRegistry(shared, new Author(actor, author.reason()));
  }

  @Override
  public ModelRegistry because(String reason) {
    Names.requireEntry("reason", "reason", reason);
    return new LogRegistry(shared, new Author(author.actor(), reason));
  }

  @Override
  public ModelVersion register(String model, VersionDraft draft) {
    ModelLog log = log(Action.REGISTER, model);
    var pending = new PendingVersion(
        shared.blobs,
        Cards.draft(model, draft),
        draft,
        author,
        shared.clock.instant(),
        System::nanoTime);
    shared.catalog.claim(model);
    pending.storeFiles();
    return log.alone(() -> register(log, pending, draft));
  }

  private ModelVersion register(ModelLog log, PendingVersion pending, VersionDraft draft) {
    while (true) {
      pending.storeCard(nextNumber(Backoff.retry(log::current)));
      Optional<RegistryEvent> event = log.commit(
          author,
          (state, info) -> pending
              .artifacts(nextNumber(state))
              .map(artifacts ->
                  new RegistryEvent.Registered(info, version(state, info, draft, artifacts))));
      if (event.isPresent()) {
        return ((RegistryEvent.Registered) event.get()).version();
      }
    }
  }

  private static int nextNumber(ModelSnapshot state) {
    return state.versions().size() + 1;
  }

  private ModelVersion version(
      ModelSnapshot state, EventInfo info, VersionDraft draft, Map<String, Artifact> artifacts) {
    var unsigned = new ModelVersion(
        state.model(),
        nextNumber(state),
        draft.schema(),
        artifacts,
        draft.metrics(),
        draft.tags(),
        draft.lineage(),
        draft.runId(),
        info.actor(),
        info.at(),
        false,
        Optional.empty());
    return shared.signer.map(signer -> unsigned.signed(signer.sign(unsigned))).orElse(unsigned);
  }

  @Override
  public List<String> models() {
    return shared.catalog.names().stream()
        .filter(name -> shared.authorizer.allows(author.actor(), Action.READ, name))
        .filter(name -> !shared.log(name).current().versions().isEmpty())
        .toList();
  }

  @Override
  public List<ModelVersion> versions(String model) {
    return List.copyOf(snapshot(model).versions().values());
  }

  @Override
  public Optional<ModelVersion> find(ModelRef ref) {
    ModelSnapshot state = snapshot(ref.model());
    return ref instanceof ModelRef.Version version
        ? Optional.ofNullable(state.versions().get(version.number()))
        : state.aliased(((ModelRef.Alias) ref).alias());
  }

  @Override
  public ModelVersion get(ModelRef ref) {
    ModelSnapshot state = existing(snapshot(ref.model()));
    if (ref instanceof ModelRef.Version version) {
      return state.version(version.number());
    }
    String alias = ((ModelRef.Alias) ref).alias();
    return state
        .aliased(alias)
        .orElseThrow(() -> new NotFoundException("model '" + ref.model() + "' has no alias '"
            + alias + "'; aliases are " + state.aliases().keySet()));
  }

  ModelSnapshot existing(ModelSnapshot state) {
    if (state.seq() == 0) {
      throw new NotFoundException(
          "there is no model '" + state.model() + "'; models are " + models());
    }
    return state;
  }

  @Override
  public byte[] read(ModelVersion version, String artifact) {
    ModelVersion recorded = get(version.ref());
    shared.trusted.ifPresent(keys -> keys.require(recorded));
    return shared.blobs.read(recorded.artifact(artifact));
  }

  @Override
  public ModelSnapshot snapshot(String model) {
    return log(Action.READ, model).current();
  }

  @Override
  public ModelSnapshot at(String model, Instant instant) {
    requireNonNull(instant, "instant");
    return log(Action.READ, model).at(instant);
  }

  @Override
  public List<RegistryEvent> history(String model) {
    return log(Action.READ, model).events();
  }

  @Override
  public Promotion promote(ModelRef.Version candidate, String alias, Gate gate) {
    return new Promoter(this, log(Action.PROMOTE, candidate.model()), author)
        .promote(candidate, alias, gate, Optional.empty());
  }

  @Override
  public Promotion promote(ModelRef.Version candidate, String alias, Gate gate, int expected) {
    return new Promoter(this, log(Action.PROMOTE, candidate.model()), author)
        .promote(candidate, alias, gate, Optional.of(expected));
  }

  @Override
  public Promotion rollback(String model, String alias) {
    return new Promoter(this, log(Action.ROLL_BACK, model), author).rollback(model, alias);
  }

  @Override
  public void removeAlias(String model, String alias) {
    ModelRef.requireName("alias", alias);
    log(Action.REMOVE_ALIAS, model).commit(author, (state, info) -> {
      existing(state);
      if (state.protections().containsKey(alias)) {
        throw new ConflictException(
            "alias '" + alias + "' of model '" + model + "' is protected and cannot be removed");
      }
      return state
          .aliased(alias)
          .map(held -> new RegistryEvent.AliasMoved(
              info,
              alias,
              Optional.of(held.number()),
              Optional.empty(),
              RegistryEvent.AliasMoved.Cause.REMOVAL,
              Optional.empty()));
    });
  }

  @Override
  public void tag(ModelRef.Version version, String key, String value) {
    Names.requireEntry("tag", key, value);
    setTag(version, key, Optional.of(value));
  }

  @Override
  public void untag(ModelRef.Version version, String key) {
    Names.requireEntry("tag", key, "");
    setTag(version, key, Optional.empty());
  }

  private void setTag(ModelRef.Version version, String key, Optional<String> value) {
    log(Action.TAG, version.model()).commit(author, (state, info) -> {
      Map<String, String> tags = existing(state).version(version.number()).tags();
      return Optional.ofNullable(tags.get(key)).equals(value)
          ? Optional.empty()
          : Optional.of(new RegistryEvent.Tagged(info, version.number(), key, value));
    });
  }

  @Override
  public void archive(ModelRef.Version version) {
    setArchived(version, true);
  }

  @Override
  public void unarchive(ModelRef.Version version) {
    setArchived(version, false);
  }

  private void setArchived(ModelRef.Version version, boolean archived) {
    log(Action.ARCHIVE, version.model()).commit(author, (state, info) -> {
      ModelVersion found = existing(state).version(version.number());
      List<String> holding = state.aliases().entrySet().stream()
          .filter(entry -> entry.getValue() == version.number())
          .map(Map.Entry::getKey)
          .toList();
      if (archived && !holding.isEmpty()) {
        throw new ConflictException(
            version + " cannot be archived while it is " + String.join(", ", holding));
      }
      return found.archived() == archived
          ? Optional.empty()
          : Optional.of(new RegistryEvent.Archived(info, version.number(), archived));
    });
  }

  @Override
  public void protect(String model, String alias, Protection protection) {
    ModelRef.requireName("alias", alias);
    log(Action.PROTECT, model).commit(author, (state, info) -> {
      Protection now = existing(state).protections().get(alias);
      if (now != null && !now.approvers().contains(author.actor())) {
        throw new ConflictException("alias '" + alias + "' of model '" + model
            + "' is protected; only its approvers " + now.approvers() + " change that, not '"
            + author.actor() + "'");
      }
      return protection.equals(now)
          ? Optional.empty()
          : Optional.of(new RegistryEvent.AliasProtected(info, alias, protection));
    });
  }

  @Override
  public void approve(ModelRef.Version version, String alias) {
    ModelRef.requireName("alias", alias);
    log(Action.APPROVE, version.model()).commit(author, (state, info) -> {
      ModelVersion found = existing(state).version(version.number());
      if (found.actor().equals(author.actor())) {
        throw new ConflictException(
            "'" + author.actor() + "' registered " + version + " and cannot approve it");
      }
      return state.approvers(version.number(), alias).contains(author.actor())
          ? Optional.empty()
          : Optional.of(new RegistryEvent.Approved(info, alias, version.number()));
    });
  }

  @Override
  public List<ModelVersion> search(VersionQuery query) {
    return models().stream()
        .filter(query::matchesModel)
        .map(this::snapshot)
        .flatMap(state ->
            state.versions().values().stream().filter(version -> query.matches(state, version)))
        .toList();
  }

  @Override
  public Watch watch(String model, Consumer<RegistryEvent> listener) {
    return new LogWatch(log(Action.READ, model), requireNonNull(listener, "listener"));
  }

  @Override
  public Watch watch(
      String model,
      Consumer<RegistryEvent> listener,
      Duration interval,
      ScheduledExecutorService executor) {
    return new LogWatch(log(Action.READ, model), requireNonNull(listener, "listener"))
        .every(interval, executor);
  }

  @Override
  public GarbageReport collectGarbage(Duration grace) {
    shared.authorizer.require(author.actor(), Action.COLLECT_GARBAGE, Authorizer.ALL_MODELS);
    return new Garbage(shared.store, shared.clock, grace)
        .run(new References(shared.store, shared.catalog, shared::log)::digests);
  }

  @Override
  public void exportTo(String model, Path file) {
    long events = existing(snapshot(model)).seq();
    new ExportFile(shared.store, System::nanoTime).write(model, events, file);
  }

  @Override
  public ModelSnapshot importFrom(Path file, long maxBytes) {
    String imported = new ExportFile(shared.store, System::nanoTime)
        .read(file, maxBytes, model -> log(Action.IMPORT, model));
    return shared.log(imported).current();
  }

  @Override
  public Verification verify() {
    shared.authorizer.require(author.actor(), Action.READ, Authorizer.ALL_MODELS);
    return new Audit(shared.store).run(model -> shared.log(model).seen());
  }

  /** The content of a file, or empty if the version has none of that name. */
  Optional<byte[]> readIfPresent(ModelVersion version, String artifact) {
    return Optional.ofNullable(version.artifacts().get(artifact)).map(shared.blobs::read);
  }

  @Override
  public String toString() {
    return "registry in " + shared.store;
  }
}
