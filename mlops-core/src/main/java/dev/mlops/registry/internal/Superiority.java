package dev.mlops.registry.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.Better;
import dev.mlops.registry.Gate;
import dev.mlops.registry.GateContext;
import dev.mlops.registry.GateResult;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.compare.PairedBootstrap;
import dev.mlops.registry.compare.PairedComparison;
import dev.mlops.registry.compare.ScoreMetric;
import dev.mlops.registry.compare.TestScores;
import java.util.Optional;

/** The gate that asks for a difference shown by an interval. */
public final class Superiority {
  private static final int RESAMPLES = 2000;
  private static final long SEED = 42;

  private Superiority() {}

  public static Gate gate(String metric, double confidence) {
    ScoreMetric computed = ScoreMetric.named(metric);
    if (!(confidence > 0 && confidence < 1)) {
      throw new InvalidInputException("confidence must be between 0 and 1, got " + confidence);
    }
    return context -> {
      try {
        return evaluate(metric, computed, confidence, context);
      } catch (InvalidInputException e) {
        return GateResult.undecidable(metric + " cannot be compared: " + e.getMessage());
      }
    };
  }

  private static GateResult evaluate(
      String metric, ScoreMetric computed, double confidence, GateContext context) {
    Optional<ModelVersion> champion = context.champion();
    Optional<TestScores> scores = scores(context, context.candidate());
    if (scores.isEmpty()) {
      return noScores(context.candidate());
    }
    if (champion.isEmpty()) {
      return GateResult.pass("no " + context.alias() + " yet to be better than");
    }
    Optional<TestScores> held = scores(context, champion.get());
    if (held.isEmpty()) {
      return noScores(champion.get());
    }
    if (!scores.get().sameRows(held.get())) {
      return GateResult.undecidable(
          context.candidate().ref() + " and " + champion.get().ref()
              + " were tested on different rows: " + scores.get().fingerprint() + " and "
              + held.get().fingerprint());
    }
    return judge(metric, compare(metric, computed, scores.get(), held.get(), confidence));
  }

  private static Optional<TestScores> scores(GateContext context, ModelVersion version) {
    return context.read(version, TestScores.FILE_NAME).map(content -> {
      try {
        return TestScores.parse(content);
      } catch (CorruptException e) { // that is how they were registered
        throw new InvalidInputException(
            version.ref() + " has no readable scores: " + e.getMessage());
      }
    });
  }

  private static GateResult noScores(ModelVersion version) {
    return GateResult.undecidable(
        version.ref() + " has no artifact '" + TestScores.FILE_NAME + "' to be compared by");
  }

  private static PairedComparison compare(
      String metric,
      ScoreMetric computed,
      TestScores candidate,
      TestScores champion,
      double confidence) {
    return metric.equals("roc_auc")
        ? PairedComparison.ofAreas(candidate, champion, confidence)
        : PairedBootstrap.of(RESAMPLES, SEED)
            .compare(
                metric,
                computed,
                candidate.labels(),
                candidate.scores(),
                champion.scores(),
                confidence);
  }

  private static GateResult judge(String metric, PairedComparison comparison) {
    boolean better =
        Better.of(metric) == Better.HIGHER ? comparison.low() > 0 : comparison.high() < 0;
    return better
        ? GateResult.pass("better: " + comparison)
        : GateResult.reject("not shown better: " + comparison);
  }
}
