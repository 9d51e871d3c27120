package dev.mlops.examples.quickstart;

import dev.mlops.abtest.AnalysisReport;
import dev.mlops.data.Csv;
import dev.mlops.data.Split;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.drift.DriftReport;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.UnavailableException;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.model.ModelRef;
import dev.mlops.model.Predictor;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.Promotion;
import dev.mlops.registry.VersionDraft;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.serving.LiveModel;
import dev.mlops.serving.Prediction;
import dev.mlops.serving.SignatureAction;
import dev.mlops.serving.SignaturePolicy;
import dev.mlops.serving.SignatureProblem;
import dev.mlops.store.ObjectStore;
import dev.mlops.tracking.Experiments;
import dev.mlops.training.TrainedModel;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Data, training, evaluation, tracking, registry, gate, serving, drift and A/B test, once through.
 */
final class Lifecycle {
  static final String CHAMPION = "champion";
  static final String METRIC = "roc_auc";
  static final double LEAST_ROC_AUC = 0.7;
  static final double TOLERANCE = 0.01;
  static final long SEED = 42;
  /** The recipe fills missing values and knows what to do with a new category. */
  private static final SignaturePolicy IMPUTED_BY_THE_RECIPE = SignaturePolicy.builder()
      .on(SignatureProblem.MISSING, SignatureAction.IGNORE)
      .on(SignatureProblem.UNKNOWN_CATEGORY, SignatureAction.IGNORE)
      .build();

  private static final String BUNDLED = "wdbc.csv";
  private static final String BUNDLED_LABEL = "diagnosis";
  private static final String BUNDLED_POSITIVE = "malignant";

  private final Options options;
  private final Console console;
  private final LifecycleTelemetry telemetry;

  Lifecycle(Options options, PrintStream out) {
    this(options, out, OpenTelemetry.noop());
  }

  Lifecycle(Options options, PrintStream out, OpenTelemetry openTelemetry) {
    this.options = options;
    this.console = new Console(out, 11);
    this.telemetry = new LifecycleTelemetry(openTelemetry);
  }

  /**
   * What one run decided.
   *
   * @param split the rows of the training, and those that no training saw
   * @param evaluation the new version on the holdout rows
   * @param version the registered version
   * @param promotion what the gate said
   * @param drift holdout rows against training rows
   * @param abTest the runner-up against the champion
   */
  record Outcome(
      Split split,
      Evaluation evaluation,
      ModelVersion version,
      Promotion promotion,
      DriftReport drift,
      AnalysisReport abTest) {}

  /** Runs every stage and leaves registry and reports in the output directory. */
  Outcome run() {
    Path out = options.out().toAbsolutePath().normalize();
    Table table = read();
    Split split = table.split(0.8, SEED);
    console.stage(
        "split",
        "%d training rows, %d holdout rows, stratified",
        split.train().size(),
        split.test().size());

    console.stage("compare", "5-fold cross-validation on the training rows");
    List<Candidates.Candidate> candidates = Candidates.compare(split.train(), SEED, console);
    Candidates.Candidate best = candidates.get(0);
    Candidates.Candidate second = candidates.get(1);

    console.stage("train", "%s on all training rows", best.name());
    TrainedModel model = best.recipe().train(split.train());
    Evaluation evaluation = Evaluation.of(model.predictor(), split.test());
    console.stage("evaluate", "%s", metrics(evaluation));

    String name = modelName();
    Path registryDirectory = out.resolve("registry");
    try (ObjectStore store = ObjectStore.directory(registryDirectory)) {
      ModelRegistry registry = ModelRegistry.builder(store).actor("quickstart").build();
      ModelVersion version = register(store, registry, name, best, model, evaluation);
      Promotion promotion = registry.promote(
          version,
          CHAMPION,
          Gate.atLeast(METRIC, LEAST_ROC_AUC).and(Gate.notWorseThanChampion(METRIC, TOLERANCE)));
      console.stage("promote", "%s", promotion);
      if (promotion.accepted()) {
        telemetry.promoted(version, CHAMPION);
      }

      try (LiveModel live = LiveModel.builder(registry, new ModelRef.Alias(name, CHAMPION))
          .policy(IMPUTED_BY_THE_RECIPE)
          .listener(telemetry.predictions())
          .build()) {
        serve(live, split.test().row(0));

        DriftReport drift = DriftCheck.compare(split.train(), split.test());
        telemetry.drift(name, drift);
        console.stage(
            "drift",
            "%s: %d of %d features drifted between training and holdout rows %s",
            drift.verdict(),
            drift.driftedFeatures().size(),
            drift.features().size(),
            drift.driftedFeatures());

        Predictor runnerUp = second.recipe().train(split.train()).predictor();
        AnalysisReport abTest = Comparison.run(
            name,
            split.test(),
            classOf(runnerUp::predict),
            classOf(row -> telemetry.request(() -> live.predict(row)).scores()),
            right -> telemetry.outcome(live.current(), right));
        console.stage("A/B test", "%s against %s", best.name(), second.name());
        console.more("%s", abTest.verdict().summary());

        Path reports = out.resolve("reports");
        write(
            reports.resolve("model-card.html"),
            new String(registry.read(version, ModelCard.HTML_FILE), StandardCharsets.UTF_8));
        write(reports.resolve("drift.html"), drift.toHtml());
        write(reports.resolve("drift.json"), drift.toJson());
        write(reports.resolve("ab-test.html"), abTest.toHtml());
        write(reports.resolve("ab-test.json"), abTest.toJson());
        summary(out, version, promotion, evaluation, drift, abTest);
        return new Outcome(split, evaluation, version, promotion, drift, abTest);
      }
    }
  }

  /** Answers one request, and refuses one that lacks a value. */
  private void serve(LiveModel live, double[] row) {
    Prediction prediction = telemetry.request(() -> live.predict(row));
    console.stage("serve", "%s answers: holdout row 0 is '%s'", live.current(), prediction.label());
    double[] cut = Arrays.copyOf(row, row.length - 1);
    try {
      telemetry.request(() -> live.predict(cut));
      throw new IllegalStateException(
          live + " answered a row of " + cut.length + " values instead of " + row.length);
    } catch (InvalidInputException e) {
      console.more("a row that lacks a value is refused: %s", String.valueOf(e.getMessage()));
    }
  }

  private Table read() {
    Table table = options
        .csv()
        .map(csv -> Csv.read(csv, options.label().orElseThrow()))
        .orElseGet(Lifecycle::readBundled);
    Target.Classes classes = (Target.Classes) table.schema().target();
    console.stage(
        "data",
        "%s: %d rows, %d features, label '%s' (%s)",
        source(),
        table.size(),
        table.schema().width(),
        classes.name(),
        counts(table, classes));
    return table;
  }

  private static Table readBundled() {
    try (InputStream in = Objects.requireNonNull(
        Lifecycle.class.getResourceAsStream("/data/" + BUNDLED), "the bundled table")) {
      Path copy = Files.createTempFile("wdbc", ".csv");
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        return Csv.builder().positive(BUNDLED_POSITIVE).build().readTable(copy, BUNDLED_LABEL);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UnavailableException("the bundled table could not be copied: " + e.getMessage(), e);
    }
  }

  private static String counts(Table table, Target.Classes classes) {
    long[] counts = new long[classes.classes().size()];
    for (double target : table.targets()) {
      counts[(int) target]++;
    }
    return IntStream.range(0, counts.length)
        .mapToObj(c -> classes.classes().get(c) + " " + counts[c])
        .collect(Collectors.joining(", "));
  }

  private ModelVersion register(
      ObjectStore store,
      ModelRegistry registry,
      String name,
      Candidates.Candidate best,
      TrainedModel model,
      Evaluation evaluation) {
    Experiments experiments = Experiments.builder(store).actor("quickstart").build();
    return experiments.run(name, best.name(), run -> {
      run.param("trainer", best.name())
          .params(model.lineage())
          .metrics(evaluation.metrics())
          .metric("cv_roc_auc", best.rocAuc())
          .artifact("recipe.json", model.recipe().toJson().getBytes(StandardCharsets.UTF_8));
      console.stage(
          "track",
          "run %s: parameters, %d metrics, the recipe",
          run.id(),
          evaluation.metrics().size() + 1);
      Map<String, String> lineage = new TreeMap<>(run.lineage());
      lineage.putAll(model.lineage());
      ModelCard card = Card.of(name, source(), best.name(), evaluation, lineage);
      ModelVersion version = registry.register(
          name,
          VersionDraft.builder()
              .schema(model.schema())
              .files(model.files())
              .files(card.files())
              .metrics(evaluation.metrics())
              .tag("trainer", best.name())
              .lineage(lineage)
              .run(run.id())
              .build());
      console.stage(
          "register",
          "%s: %d files, %,d bytes",
          version.ref(),
          version.artifacts().size(),
          version.size());
      return version;
    });
  }

  private static ToIntFunction<double[]> classOf(
      java.util.function.Function<double[], double[]> scores) {
    return row -> {
      double[] s = scores.apply(row);
      return IntStream.range(0, s.length).reduce(0, (best, k) -> s[k] > s[best] ? k : best);
    };
  }

  private static String metrics(Evaluation evaluation) {
    return evaluation.metrics().entrySet().stream()
        .filter(e -> List.of(
                "accuracy", "precision", "recall", "f1", METRIC, "pr_auc", "log_loss", "brier")
            .contains(e.getKey()))
        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String source() {
    return options.csv().map(Path::toString).orElse(BUNDLED);
  }

  /** The file's name without its ending, with everything a model's name may not have replaced. */
  private String modelName() {
    String file = options.csv().map(Path::getFileName).map(Path::toString).orElse(BUNDLED);
    String name = file.replaceFirst("\\.[^.]*$", "")
        .replaceAll("[^A-Za-z0-9._-]", "-")
        .replaceFirst("^[^A-Za-z0-9]+", "");
    if (name.isEmpty()) {
      throw new InvalidInputException(
          "no model name can be made from the file name '" + file + "'");
    }
    return name;
  }

  private void summary(
      Path out,
      ModelVersion version,
      Promotion promotion,
      Evaluation evaluation,
      DriftReport drift,
      AnalysisReport abTest) {
    console.line("");
    console.line(
        "Model       %s, ROC AUC %.4f on %d holdout rows",
        version.ref(), evaluation.metric(METRIC), evaluation.size());
    console.line("Promotion   %s", promotion);
    console.line("Drift       %s", drift.verdict());
    console.line("A/B test    %s", abTest.verdict().summary());
    console.line("");
    console.line("registry    %s", out.resolve("registry"));
    console.line("reports     %s", out.resolve("reports"));
  }

  private static void write(Path file, String content) {
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UnavailableException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
