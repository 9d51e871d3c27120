package dev.mlops.registry.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.ValidationReport;
import dev.mlops.data.internal.json.ExpectationsJson;
import dev.mlops.error.InvalidInputException;
import dev.mlops.registry.Better;
import dev.mlops.registry.DriftEvidence;
import dev.mlops.registry.Gate;
import dev.mlops.registry.GateContext;
import dev.mlops.registry.GateResult;
import dev.mlops.registry.ModelVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** The conditions that come with the library, and how they combine. */
public final class Gates {
  private Gates() {}

  public static Gate and(Gate left, Gate right) {
    return context -> {
      GateResult a = left.evaluate(context);
      GateResult b = right.evaluate(context);
      if (a.passed() && b.passed()) {
        return new GateResult.Pass(join(a, b));
      }
      List<String> rejections = Stream.of(a, b)
          .filter(r -> !r.passed())
          .flatMap(r -> r.reasons().stream())
          .toList();
      // not(a and b) may pass only if some part was judged and failed.
      return new GateResult.Reject(
          rejections, Stream.of(a, b).filter(r -> !r.passed()).allMatch(Gates::undecidable));
    };
  }

  public static Gate or(Gate left, Gate right) {
    return context -> {
      GateResult a = left.evaluate(context);
      GateResult b = right.evaluate(context);
      if (a.passed() || b.passed()) {
        return new GateResult.Pass(Stream.of(a, b)
            .filter(GateResult::passed)
            .flatMap(r -> r.reasons().stream())
            .toList());
      }
      return new GateResult.Reject(join(a, b), undecidable(a) || undecidable(b));
    };
  }

  public static Gate not(Gate gate) {
    return context -> {
      GateResult result = gate.evaluate(context);
      if (result instanceof GateResult.Pass) {
        return GateResult.reject("must not hold: " + result.explanation());
      }
      return undecidable(result)
          ? result
          : GateResult.pass("does not hold, as asked: " + result.explanation());
    };
  }

  private static boolean undecidable(GateResult result) {
    return result instanceof GateResult.Reject reject && reject.undecidable();
  }

  private static List<String> join(GateResult a, GateResult b) {
    var reasons = new ArrayList<>(a.reasons());
    reasons.addAll(b.reasons());
    return reasons;
  }

  public static Gate atLeast(String metric, double minimum) {
    return context -> withMetric(
        context.candidate(),
        metric,
        value -> value >= minimum
            ? GateResult.pass(metric + " " + value + " >= " + minimum)
            : GateResult.reject(metric + " " + value + " < " + minimum));
  }

  public static Gate atMost(String metric, double maximum) {
    return context -> withMetric(
        context.candidate(),
        metric,
        value -> value <= maximum
            ? GateResult.pass(metric + " " + value + " <= " + maximum)
            : GateResult.reject(metric + " " + value + " > " + maximum));
  }

  public static Gate notWorse(String metric, double tolerance, Better better) {
    return context -> withMetric(context.candidate(), metric, value -> {
      Optional<ModelVersion> champion = context.champion();
      if (champion.isEmpty()) {
        return GateResult.pass(metric + " " + value + ", no " + context.alias() + " yet");
      }
      return withMetric(
          champion.get(), metric, held -> compare(context, metric, value, held, tolerance, better));
    });
  }

  private static GateResult compare(
      GateContext context,
      String metric,
      double value,
      double held,
      double tolerance,
      Better better) {
    boolean holds = better == Better.HIGHER ? value >= held - tolerance : value <= held + tolerance;
    int champion = context.champion().map(ModelVersion::number).orElse(0);
    String numbers = metric + " " + value + " against " + held + " of " + context.alias()
        + " version " + champion + ", tolerance " + tolerance;
    return holds
        ? GateResult.pass("not worse: " + numbers)
        : GateResult.reject("worse: " + numbers);
  }

  private static GateResult withMetric(
      ModelVersion version, String metric, DoubleFunction<GateResult> judge) {
    Optional<Double> value = version.metric(metric);
    if (value.isEmpty()) {
      return GateResult.undecidable(version.ref() + " has no metric '" + metric + "'; metrics are "
          + version.metrics().keySet());
    }
    return value.get().isNaN()
        ? GateResult.undecidable(version.ref() + " has " + metric + " NaN")
        : judge.apply(value.get());
  }

  public static Gate dataValidated() {
    return context -> {
      ModelVersion candidate = context.candidate();
      Optional<byte[]> report = context.read(candidate, ValidationReport.FILE_NAME);
      if (report.isEmpty()) {
        return GateResult.undecidable(
            candidate.ref() + " has no " + ValidationReport.FILE_NAME + " of its training data");
      }
      try {
        List<String> failures = ExpectationsJson.failures(new String(report.get(), UTF_8));
        return failures.isEmpty()
            ? GateResult.pass("all expectations of the training data hold")
            : GateResult.reject("the training data breaks " + failures.size() + " expectations: "
                + String.join("; ", failures));
      } catch (InvalidInputException e) {
        return GateResult.undecidable(
            candidate.ref() + " has an unreadable report: " + e.getMessage());
      }
    };
  }

  public static Gate sizeAtMost(long maxBytes) {
    return context -> {
      long size = context.candidate().size();
      return size <= maxBytes
          ? GateResult.pass("size " + size + " bytes <= " + maxBytes)
          : GateResult.reject("size " + size + " bytes > " + maxBytes);
    };
  }

  public static Gate approvedBy(Set<String> approvers) {
    return context -> {
      var missing = new TreeSet<>(approvers);
      missing.removeAll(context.approvals());
      return missing.isEmpty()
          ? GateResult.pass("approved by " + approvers)
          : GateResult.reject("not approved by " + missing);
    };
  }

  public static Gate noDriftSince(Instant since, DriftEvidence evidence) {
    return context -> {
      List<String> findings = evidence.findings(context.candidate(), since);
      if (!findings.isEmpty()) {
        return GateResult.reject("drift since " + since + ": " + String.join(", ", findings));
      }
      return evidence.measured(context.candidate(), since)
          ? GateResult.pass("no drift since " + since)
          : GateResult.undecidable("too little was measured since " + since + " to see drift");
    };
  }
}
