package dev.mlops.registry.internal;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.ConflictException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Gate;
import dev.mlops.registry.GateContext;
import dev.mlops.registry.GateResult;
import dev.mlops.registry.ModelSnapshot;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.Promotion;
import dev.mlops.registry.Promotion.Decision;
import dev.mlops.registry.Protection;
import dev.mlops.registry.RegistryEvent;
import dev.mlops.registry.RegistryEvent.AliasMoved;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Moves aliases of one model. */
final class Promoter {
  private final LogRegistry registry;
  private final ModelLog log;
  private final Author author;

  Promoter(LogRegistry registry, ModelLog log, Author author) {
    this.registry = registry;
    this.log = log;
    this.author = author;
  }

  Promotion promote(
      ModelRef.Version ref, String alias, Gate gate, Optional<Integer> expectedOrZero) {
    ModelRef.requireName("alias", alias);
    requireNonNull(gate, "gate");
    Promotion[] unchanged = new Promotion[1];
    Optional<RegistryEvent> event = log.commit(author, (state, info) -> {
      ModelVersion candidate = registry.existing(state).version(ref.number());
      Optional<ModelVersion> champion = state.aliased(alias);
      requireExpected(ref, alias, champion.map(ModelVersion::number).orElse(0), expectedOrZero);
      if (candidate.archived()) {
        throw new ConflictException(ref + " is archived and cannot be promoted");
      }
      Optional<Integer> from = champion.map(ModelVersion::number);
      if (from.isPresent() && from.get() == ref.number()) {
        unchanged[0] = new Promotion(
            Decision.UNCHANGED,
            ref,
            alias,
            from,
            GateResult.pass("it was " + alias + " already"),
            state.seq());
        return Optional.empty();
      }
      var context = new Context(
          registry, candidate, champion, alias, state.approvers(ref.number(), alias), info.at());
      GateResult result = withProtection(state, alias, gate).evaluate(context);
      return Optional.of(
          result.passed()
              ? new AliasMoved(
                  info,
                  alias,
                  from,
                  Optional.of(ref.number()),
                  AliasMoved.Cause.PROMOTION,
                  Optional.of(result))
              : new RegistryEvent.PromotionRejected(info, alias, from, ref.number(), result));
    });
    return event
        .map(written -> outcome(ref, alias, written))
        .orElseGet(() -> Objects.requireNonNull(unchanged[0]));
  }

  private static Promotion outcome(ModelRef.Version ref, String alias, RegistryEvent written) {
    if (written instanceof AliasMoved moved) {
      return new Promotion(
          Decision.PROMOTED,
          ref,
          alias,
          moved.from(),
          moved.evidence().orElseThrow(),
          moved.info().seq());
    }
    var rejected = (RegistryEvent.PromotionRejected) written;
    return new Promotion(
        Decision.REJECTED,
        ref,
        alias,
        rejected.from(),
        rejected.result(),
        rejected.info().seq());
  }

  private static void requireExpected(
      ModelRef.Version ref, String alias, int actual, Optional<Integer> expected) {
    if (expected.isPresent() && expected.get() != actual) {
      throw new ConflictException("alias '" + alias + "' of model '" + ref.model()
          + "' was expected at " + name(expected.get()) + " but is at " + name(actual)
          + "; read it again and decide");
    }
  }

  private static String name(int number) {
    return number == 0 ? "no version" : "version " + number;
  }

  private static Gate withProtection(ModelSnapshot state, String alias, Gate gate) {
    Protection protection = state.protections().get(alias);
    if (protection == null) {
      return gate;
    }
    return gate.and(context -> {
      var agreed = new TreeSet<>(context.approvals());
      agreed.retainAll(protection.approvers());
      String count =
          agreed.size() + " of " + protection.required() + " approvals for the protected "
              + "alias '" + alias + "' (" + agreed + " of " + protection.approvers() + ")";
      return agreed.size() >= protection.required()
          ? GateResult.pass(count)
          : GateResult.reject("only " + count);
    });
  }

  Promotion rollback(String model, String alias) {
    ModelRef.requireName("alias", alias);
    RegistryEvent event = log.commit(author, (state, info) -> {
          Integer target = registry.existing(state).previous().get(alias);
          if (target == null) {
            throw new NotFoundException("alias '" + alias + "' of model '" + model
                + "' has no earlier version to go back to");
          }
          if (state.version(target).archived()) {
            throw new ConflictException("alias '" + alias + "' of model '" + model
                + "' would go back to version " + target + ", which is archived");
          }
          return Optional.of(new AliasMoved(
              info,
              alias,
              state.aliased(alias).map(ModelVersion::number),
              Optional.of(target),
              AliasMoved.Cause.ROLLBACK,
              Optional.empty()));
        })
        .orElseThrow();
    var moved = (AliasMoved) event;
    return new Promotion(
        Decision.ROLLED_BACK,
        new ModelRef.Version(model, moved.to().orElseThrow()),
        alias,
        moved.from(),
        GateResult.pass("back to the version before"),
        moved.info().seq());
  }

  private record Context(
      LogRegistry registry,
      ModelVersion candidate,
      Optional<ModelVersion> champion,
      String alias,
      Set<String> approvals,
      Instant now)
      implements GateContext {
    @Override
    public Optional<byte[]> read(ModelVersion version, String artifact) {
      return registry.readIfPresent(version, artifact);
    }
  }
}
