package dev.mlops.mlflow;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;
import dev.mlops.mlflow.internal.Counts;
import dev.mlops.mlflow.internal.MirrorLease;
import dev.mlops.mlflow.internal.MlflowRest;
import dev.mlops.mlflow.internal.RunProjection;
import dev.mlops.mlflow.internal.VersionProjection;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.internal.LogRegistry;
import dev.mlops.secret.Secret;
import dev.mlops.tracking.Experiments;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Projects runs (parameters, metrics, tags, artifacts) and versions (files, tags, aliases) to an
 * MLflow server. It reads what is stored here and sends what is missing there, so it is idempotent,
 * goes on after an outage, and is no part of any local operation. What it sends is found again by
 * the tags {@code mlops.run}, {@code mlops.points} and {@code mlops.version}; there is no state of
 * its own. A server with a SQL database keeps one point of several with the same name, value, step
 * and millisecond; one with files keeps the points of a batch twice whose answer was lost.
 *
 * <p>Names that MLflow refuses are translated: {@code precision@10} becomes
 * {@code precision_x0040_10}, and a long one ends in a digest. Texts are cut to what it takes (500
 * characters of a parameter, 5000 of a tag) and say so at their end. A run or version that cannot
 * be mirrored is skipped, named in the report, logged once and tried again; the others go on.
 *
 * <p>Of several mirrors of one registry to one server, in whatever processes, one sends at a time:
 * they pass on a right that is kept in the registry's store, and one that does not have it reports
 * so and sends nothing. After a crash the right is free again in five minutes. Files are sent only
 * where the server proxies them ({@code mlflow-artifacts:}); elsewhere, as in Azure ML, their
 * digests are sent as tags. Safe for use by several threads; synchronisations wait for one another.
 */
public final class MlflowMirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowMirror.class);

  private final Experiments experiments;
  private final ModelRegistry registry;
  private final MlflowRest rest;
  private final Optional<MirrorLease> lease;
  private final Object lock = new Object();
  private @Nullable ScheduledFuture<?> schedule;
  private final Set<String> known = new HashSet<>(); // skipped and logged before
  private boolean failing;

  private MlflowMirror(Builder builder) {
    this.experiments = builder.experiments;
    this.registry = builder.registry;
    this.lease = registry instanceof LogRegistry log
        ? Optional.of(new MirrorLease(log.store(), log.clock(), builder.server.toString()))
        : Optional.empty();
    this.rest = new MlflowRest(
        builder.server,
        builder.token,
        builder.timeout,
        () -> lease.ifPresent(MirrorLease::require));
  }

  /**
   * Starts a mirror.
   *
   * @param server {@code http:} or {@code https:} address of an MLflow server, or the
   *     {@code azureml:} tracking address of a workspace
   * @param experiments the runs to mirror
   * @param registry the versions to mirror
   * @return a builder
   * @throws InvalidInputException for another kind of address
   */
  public static Builder builder(URI server, Experiments experiments, ModelRegistry registry) {
    return new Builder(server, experiments, registry);
  }

  /**
   * Sends what the server does not have yet. Never throws because the server, the store or the
   * token's supplier fails or another mirror is at work: the report says so.
   *
   * @return what was done
   */
  public MirrorReport sync() {
    synchronized (lock) {
      var counts = new Counts();
      Optional<String> failure = Optional.empty();
      try {
        lease.ifPresent(MirrorLease::require);
        var runs = new RunProjection(rest, experiments, counts);
        runs.sync();
        new VersionProjection(rest, registry, runs, counts).sync();
        failing = false;
      } catch (RuntimeException e) {
        failure = Optional.of(Counts.text(e));
        if (!failing) {
          LOG.warn("the mirror {} lags; it goes on next time", rest, e);
          failing = true;
        }
      } finally {
        release();
      }
      MirrorReport report = counts.report(failure);
      logSkipped(report);
      return report;
    }
  }

  private void logSkipped(MirrorReport report) {
    report.skipped().forEach((entry, why) -> {
      if (known.add(entry)) {
        LOG.warn("{} is not mirrored to {}: {}", entry, rest, why);
      }
    });
    if (report.failure().isEmpty()) {
      known.retainAll(report.skipped().keySet());
    }
  }

  private void release() {
    try {
      lease.ifPresent(MirrorLease::release);
    } catch (RuntimeException e) {
      LOG.debug("the right to mirror was not given back; it ends by itself", e);
    }
  }

  /**
   * Synchronises again and again until the mirror is closed.
   *
   * @param executor runs the synchronisations; remains the caller's to shut down
   * @param interval how long to wait between them
   */
  public void start(ScheduledExecutorService executor, Duration interval) {
    synchronized (lock) {
      if (schedule != null) {
        throw new InvalidInputException("the mirror was started before");
      }
      schedule = executor.scheduleWithFixedDelay(
          this::syncAndGoOn, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void syncAndGoOn() {
    try {
      sync();
    } catch (Throwable e) { // whatever it is, it would end the schedule without a word
      LOG.error("a synchronisation with {} broke off; the next one is tried", rest, e);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (schedule != null) {
        schedule.cancel(false);
      }
    }
  }

  /** Collects what a mirror needs. Not safe for use by several threads. */
  public static final class Builder {
    private final URI server;
    private final Experiments experiments;
    private final ModelRegistry registry;
    private @Nullable Supplier<Secret> token;
    private Duration timeout = Duration.ofSeconds(30);

    private Builder(URI server, Experiments experiments, ModelRegistry registry) {
      this.server = MlflowRest.requireServer(server);
      this.experiments = requireNonNull(experiments, "experiments");
      this.registry = requireNonNull(registry, "registry");
    }

    /**
     * Sends a bearer token with every request.
     *
     * @param supplier asked for each request, so that it can renew the token
     * @return this builder
     * @throws InvalidInputException if the server is not {@code https:} and not this machine
     */
    public Builder token(Supplier<Secret> supplier) {
      MlflowRest.requireConfidential(server);
      this.token = requireNonNull(supplier, "supplier");
      return this;
    }

    /**
     * Limits each request.
     *
     * @param value how long to wait for an answer; 30 s unless set
     * @return this builder
     */
    public Builder timeout(Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new InvalidInputException("a timeout must be positive, got " + value);
      }
      this.timeout = value;
      return this;
    }

    /**
     * Creates the mirror. Sends nothing yet.
     *
     * @return the mirror
     */
    public MlflowMirror build() {
      return new MlflowMirror(this);
    }
  }
}
