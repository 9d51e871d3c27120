package dev.mlops.registry.card;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.card.internal.CardEvaluation;
import dev.mlops.registry.card.internal.CardHtml;
import dev.mlops.registry.card.internal.CardJson;
import dev.mlops.registry.card.internal.CardMarkdown;
import dev.mlops.registry.compare.TestScores;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person should know about a version: what it is for and what not, how good it is with
 * intervals and by group, what it looks at, and where it comes from. As JSON, as Markdown and as
 * one HTML page that loads nothing. Every version gets one when it is registered; what only people
 * and test rows can tell is given with {@code VersionDraft.builder().card(card)}. Immutable.
 */
public final class ModelCard {
  /** The name of the JSON artifact. */
  public static final String JSON_FILE = "model-card.json";
  /** The name of the Markdown artifact. */
  public static final String MARKDOWN_FILE = "model-card.md";
  /** The name of the HTML artifact. */
  public static final String HTML_FILE = "model-card.html";
  /** The names of all three. */
  public static final Set<String> FILES = Set.of(JSON_FILE, MARKDOWN_FILE, HTML_FILE);

  private final String model;
  private final String intendedUse;
  private final String limits;
  private final Map<String, String> data;
  private final Map<String, String> lineage;
  private final Map<String, Double> importance;
  private final Map<String, Double> metrics;
  private final @Nullable Schema schema;
  private final @Nullable CardEvaluation evaluation;
  private final @Nullable ConfusionTable confusion;
  private final @Nullable Registration registration;

  private ModelCard(Builder builder, @Nullable CardEvaluation evaluation) {
    this.model = builder.model;
    this.intendedUse = builder.intendedUse;
    this.limits = builder.limits;
    this.data = copy(builder.data);
    this.lineage = copy(builder.lineage);
    this.importance = copy(builder.importance);
    this.metrics = copy(builder.metrics);
    this.schema = builder.schema;
    this.evaluation = evaluation;
    this.confusion = builder.confusion;
    this.registration = null;
  }

  /** A draft of a card with what its version's record says. */
  private ModelCard(
      ModelCard draft,
      Registration registration,
      Schema schema,
      Map<String, Double> metrics,
      Map<String, String> lineage) {
    this.model = draft.model;
    this.intendedUse = draft.intendedUse;
    this.limits = draft.limits;
    this.data = draft.data;
    this.lineage = merged(lineage, draft.lineage);
    this.importance = draft.importance;
    this.metrics = merged(metrics, draft.metrics);
    this.schema = schema;
    this.evaluation = draft.evaluation;
    this.confusion = draft.confusion;
    this.registration = registration;
  }

  /** What was recorded, in alphabetical order, then what only the draft says. */
  private static <V> Map<String, V> merged(Map<String, V> recorded, Map<String, V> drafted) {
    var both = new LinkedHashMap<String, V>(new TreeMap<>(recorded));
    drafted.forEach(both::putIfAbsent);
    return Collections.unmodifiableMap(both);
  }

  private static <V> Map<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * Starts a card.
   *
   * @param model the model's name
   * @return a builder
   */
  public static Builder builder(String model) {
    return new Builder(model);
  }

  /**
   * Completes a card with the record of its version. The registry does this at registration. Where
   * both know a metric or a lineage entry, the record is believed.
   *
   * @param registration number, actor and time
   * @param schema the version's signature
   * @param metrics the version's metrics
   * @param lineage where the version comes from
   * @return the complete card
   */
  public ModelCard registered(
      Registration registration,
      Schema schema,
      Map<String, Double> metrics,
      Map<String, String> lineage) {
    return new ModelCard(
        this,
        requireNonNull(registration, "registration"),
        requireNonNull(schema, "schema"),
        metrics,
        lineage);
  }

  /**
   * Returns which version this is the card of.
   *
   * @return number, actor and time; empty before registration
   */
  public Optional<Registration> registration() {
    return Optional.ofNullable(registration);
  }

  /**
   * Returns the model's name.
   *
   * @return the name
   */
  public String model() {
    return model;
  }

  /**
   * Returns what the model is for.
   *
   * @return the user's text; empty if none was given
   */
  public String intendedUse() {
    return intendedUse;
  }

  /**
   * Returns what the model must not be used for, and where it fails.
   *
   * @return the user's text; empty if none was given
   */
  public String limits() {
    return limits;
  }

  /**
   * Returns what is known about the data.
   *
   * @return values by name
   */
  public Map<String, String> data() {
    return data;
  }

  /**
   * Returns where the model comes from.
   *
   * @return values by name
   */
  public Map<String, String> lineage() {
    return lineage;
  }

  /**
   * Returns how much the model relies on each feature.
   *
   * @return importance by feature, as given
   */
  public Map<String, Double> importance() {
    return importance;
  }

  /**
   * Returns the signature.
   *
   * @return the schema, or empty if none was given
   */
  public Optional<Schema> schema() {
    return Optional.ofNullable(schema);
  }

  /**
   * Returns the metrics: those computed from the test scores, with 95 % intervals, then those only
   * given.
   *
   * @return one line per metric
   */
  public List<MetricLine> metrics() {
    var lines = new java.util.ArrayList<MetricLine>();
    if (evaluation != null) {
      lines.addAll(evaluation.metrics());
    }
    metrics.forEach((name, value) -> {
      if (lines.stream().noneMatch(line -> line.name().equals(name))) {
        lines.add(new MetricLine(name, value, Double.NaN, Double.NaN, ""));
      }
    });
    return List.copyOf(lines);
  }

  /**
   * Returns the metrics by group.
   *
   * @return one line per group; empty if no group was named
   */
  public List<GroupLine> groups() {
    return evaluation == null ? List.of() : evaluation.groups();
  }

  /**
   * Returns the confusion table.
   *
   * @return the table given, else that of the test scores at the threshold 0.5, else empty
   */
  public Optional<ConfusionTable> confusion() {
    return Optional.ofNullable(confusion)
        .or(() -> Optional.ofNullable(evaluation).map(e -> e.confusion(classes())));
  }

  private List<String> classes() {
    return schema != null && schema.target() instanceof Target.Classes classes
        ? classes.classes()
        : List.of("negative", "positive");
  }

  /**
   * Writes the card as JSON, with the points of every curve.
   *
   * @return a JSON object
   */
  public String toJson() {
    return CardJson.write(this, Optional.ofNullable(evaluation));
  }

  /**
   * Writes the card as Markdown.
   *
   * @return the text, without charts
   */
  public String toMarkdown() {
    return CardMarkdown.write(this);
  }

  /**
   * Writes the card as one HTML page with its charts inside. Every text is escaped; the page runs
   * no script and loads nothing.
   *
   * @return the page, at most 300 kB: of long lists and texts it shows the beginning and says how
   *     much more the JSON form has
   */
  public String toHtml() {
    return CardHtml.write(this, Optional.ofNullable(evaluation));
  }

  /**
   * Writes all forms.
   *
   * @return three files, as the registry stores them with the version
   */
  public List<ModelFile> files() {
    return List.of(
        file(JSON_FILE, "json", toJson()),
        file(MARKDOWN_FILE, "markdown", toMarkdown()),
        file(HTML_FILE, "html", toHtml()));
  }

  private static ModelFile file(String name, String format, String text) {
    return new ModelFile(name, format, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Collects what a card says. Not safe for use by several threads. */
  public static final class Builder {
    private final String model;
    private String intendedUse = "";
    private String limits = "";
    private final Map<String, String> data = new LinkedHashMap<>();
    private final Map<String, String> lineage = new LinkedHashMap<>();
    private final Map<String, Double> importance = new LinkedHashMap<>();
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private @Nullable Schema schema;
    private @Nullable TestScores scores;
    private @Nullable ConfusionTable confusion;
    private String groupColumn = "";
    private List<String> groups = List.of();

    private Builder(String model) {
      this.model = ModelRef.requireName("model", model);
    }

    /**
     * Says what the model is for.
     *
     * @param text plain text; blank lines part paragraphs
     * @return this builder
     */
    public Builder intendedUse(String text) {
      this.intendedUse = requireNonNull(text, "text");
      return this;
    }

    /**
     * Says what the model must not be used for, and where it fails.
     *
     * @param text plain text; blank lines part paragraphs
     * @return this builder
     */
    public Builder limits(String text) {
      this.limits = requireNonNull(text, "text");
      return this;
    }

    /**
     * Says something about the data, such as source, licence, rows and period.
     *
     * @param name what is said
     * @param value the value
     * @return this builder
     */
    public Builder data(String name, String value) {
      data.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Says where the model comes from.
     *
     * @param all values by name
     * @return this builder
     */
    public Builder lineage(Map<String, String> all) {
      lineage.putAll(all);
      return this;
    }

    /**
     * Says how much the model relies on each feature.
     *
     * @param all importance by feature, such as the loss of a metric when it is permuted
     * @return this builder
     */
    public Builder importance(Map<String, Double> all) {
      importance.putAll(all);
      return this;
    }

    /**
     * Adds metrics that cannot be computed from the test scores.
     *
     * @param all values by name
     * @return this builder
     */
    public Builder metrics(Map<String, Double> all) {
      metrics.putAll(all);
      return this;
    }

    /**
     * Names the signature; its classes name the rows of the confusion table.
     *
     * @param value the schema
     * @return this builder
     */
    public Builder schema(Schema value) {
      this.schema = requireNonNull(value, "schema");
      return this;
    }

    /**
     * Gives the test rows of a two-class model, from which curves, metrics and intervals are made.
     *
     * @param value labels 0 and 1, and probabilities of the positive class
     * @return this builder
     */
    public Builder testScores(TestScores value) {
      this.scores = requireNonNull(value, "testScores");
      return this;
    }

    /**
     * Gives the confusion table of a model with more classes.
     *
     * @param value the table
     * @return this builder
     */
    public Builder confusion(ConfusionTable value) {
      this.confusion = requireNonNull(value, "confusion");
      return this;
    }

    /**
     * Asks for metrics by group.
     *
     * @param column what the groups are
     * @param groupOfRow the group of each test row
     * @return this builder
     */
    public Builder groups(String column, List<String> groupOfRow) {
      this.groupColumn = requireNonNull(column, "column");
      this.groups = List.copyOf(groupOfRow);
      return this;
    }

    /**
     * Computes the card.
     *
     * @return the card
     * @throws InvalidInputException if there are groups without test scores or of another length,
     *     or a label is neither 0 nor 1, or a score no probability
     */
    public ModelCard build() {
      TestScores given = scores;
      if (given == null) {
        if (!groups.isEmpty()) {
          throw new InvalidInputException("metrics by group need test scores, none were given");
        }
        return new ModelCard(this, null);
      }
      return new ModelCard(this, CardEvaluation.of(given, groupColumn, groups));
    }
  }
}
