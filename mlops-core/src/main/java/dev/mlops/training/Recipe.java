package dev.mlops.training;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Folds;
import dev.mlops.data.Table;
import dev.mlops.error.InvalidInputException;
import dev.mlops.training.internal.json.RecipeJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to make a model of a table: steps in the order in which they run, then a trainer, and one
 * seed. Everything that learns from data learns from the training rows only. A recipe is data: it
 * has a JSON form, and the same recipe on the same table gives the same model on every row.
 * Immutable, so safe for use by several threads.
 *
 * <pre>{@code
 * Recipe recipe = Recipe.builder()
 *     .impute().standardise().oneHot().smote(5, 42)
 *     .trainer(Trainer.randomForest().trees(100))
 *     .seed(42)
 *     .build();
 * TrainedModel model = recipe.train(table);
 * }</pre>
 */
public final class Recipe {
  private final List<Step> steps;
  private final Trainer trainer;
  private final ClassWeights classWeights;
  private final Calibration calibration;
  private final long seed;

  private Recipe(Builder builder, Trainer trainer) {
    this.steps = List.copyOf(builder.steps);
    this.trainer = trainer;
    this.classWeights = builder.classWeights;
    this.calibration = builder.calibration;
    this.seed = builder.seed;
  }

  /**
   * Starts a recipe without steps, with seed 0.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads the JSON form.
   *
   * @param json text written by {@link #toJson()} or by hand, following the published schema
   * @return the recipe
   * @throws InvalidInputException if the text is no recipe, or of an unknown format version; the
   *     message names the place
   */
  public static Recipe fromJson(String json) {
    return RecipeJson.read(json);
  }

  /**
   * Writes the JSON form, with every setting and stable order, so that recipes can be compared as
   * text.
   *
   * @return the text
   */
  public String toJson() {
    return RecipeJson.write(this);
  }

  /**
   * Returns the steps before the trainer.
   *
   * @return transforms and samplers in the order in which they run
   */
  public List<Step> steps() {
    return steps;
  }

  /**
   * Returns the kind of model to fit.
   *
   * @return the trainer
   */
  public Trainer trainer() {
    return trainer;
  }

  /**
   * Returns how rows are weighted by class.
   *
   * @return the class weights
   */
  public ClassWeights classWeights() {
    return classWeights;
  }

  /**
   * Returns how scores become probabilities.
   *
   * @return the calibration
   */
  public Calibration calibration() {
    return calibration;
  }

  /**
   * Returns the seed of the trainer.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * Copies this recipe with another trainer, as in a search for settings.
   *
   * @param other the trainer
   * @return the copy
   */
  public Recipe with(Trainer other) {
    return toBuilder().trainer(other).build();
  }

  /**
   * Copies this recipe with another seed.
   *
   * @param other the seed
   * @return the copy
   */
  public Recipe with(long other) {
    return toBuilder().seed(other).build();
  }

  private Builder toBuilder() {
    Builder builder = new Builder();
    builder.steps.addAll(steps);
    builder.classWeights = classWeights;
    builder.calibration = calibration;
    return builder.seed(seed).trainer(trainer);
  }

  /**
   * Makes a model.
   *
   * @param table the training rows
   * @return the model
   * @throws InvalidInputException if the table and the recipe do not fit each other; the message
   *     names the column or the setting
   * @throws dev.mlops.error.UnavailableException if the trainer needs an optional dependency that
   *     is missing
   */
  public TrainedModel train(Table table) {
    return train(table, TrainingListener.SILENT);
  }

  /**
   * Makes a model and tells how it goes on.
   *
   * @param table the training rows
   * @param listener hears of progress
   * @return the model
   * @throws InvalidInputException if the table and the recipe do not fit each other; the message
   *     names the column or the setting
   */
  public TrainedModel train(Table table, TrainingListener listener) {
    return Training.run(this, requireNonNull(table, "table"), requireNonNull(listener, "listener"));
  }

  /**
   * Judges this recipe by cross-validation on the calling thread.
   *
   * @param table the rows
   * @param folds how to divide them
   * @return the result
   */
  public CrossValidation crossValidate(Table table, Folds folds) {
    return CrossValidation.run(this, table, folds, Runnable::run);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Recipe other
        && steps.equals(other.steps)
        && trainer.equals(other.trainer)
        && classWeights.equals(other.classWeights)
        && calibration.equals(other.calibration)
        && seed == other.seed;
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(steps, trainer, classWeights, calibration, seed);
  }

  @Override
  public String toString() {
    return steps + " " + trainer + " seed " + seed;
  }

  /** Collects steps in order. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Step> steps = new ArrayList<>();
    private final List<Trainer> trainers = new ArrayList<>();
    private ClassWeights classWeights = ClassWeights.none();
    private Calibration calibration = Calibration.none();
    private long seed;

    private Builder() {}

    /**
     * Adds any step.
     *
     * @param step the step
     * @return this builder
     */
    public Builder add(Step step) {
      steps.add(requireNonNull(step, "step"));
      return this;
    }

    /**
     * Fills missing numbers with the median and missing categories with the most frequent one.
     *
     * @return this builder
     */
    public Builder impute() {
      return impute(Transform.Fill.MEDIAN);
    }

    /**
     * Fills missing values with a statistic.
     *
     * @param fill the statistic
     * @param columns what to fill; none for all, categories then with the most frequent one
     * @return this builder
     */
    public Builder impute(Transform.Fill fill, String... columns) {
      return add(new Transform.Impute(fill, Arrays.asList(columns)));
    }

    /**
     * Fills missing numbers with a constant.
     *
     * @param value the constant
     * @param columns what to fill; none for all numeric columns
     * @return this builder
     */
    public Builder imputeConstant(double value, String... columns) {
      return add(new Transform.ImputeConstant(value, Arrays.asList(columns)));
    }

    /**
     * Makes missing categories a category of their own.
     *
     * @param text the new category
     * @param columns what to fill; none for all categorical columns
     * @return this builder
     */
    public Builder imputeText(String text, String... columns) {
      return add(new Transform.ImputeText(text, Arrays.asList(columns)));
    }

    /**
     * Adds columns that tell where values are missing; comes before the imputation.
     *
     * @param columns what to watch; none for every column with a missing value in training
     * @return this builder
     */
    public Builder indicateMissing(String... columns) {
      return add(new Transform.MissingIndicator(Arrays.asList(columns)));
    }

    /**
     * Centres numbers and divides them by their standard deviation.
     *
     * @param columns what to scale; none for all numeric columns
     * @return this builder
     */
    public Builder standardise(String... columns) {
      return add(new Transform.Standardise(Arrays.asList(columns)));
    }

    /**
     * Scales numbers to run from 0 to 1.
     *
     * @param columns what to scale; none for all numeric columns
     * @return this builder
     */
    public Builder minMaxScale(String... columns) {
      return add(new Transform.MinMaxScale(Arrays.asList(columns)));
    }

    /**
     * Scales numbers by median and quartiles.
     *
     * @param columns what to scale; none for all numeric columns
     * @return this builder
     */
    public Builder robustScale(String... columns) {
      return add(new Transform.RobustScale(Arrays.asList(columns)));
    }

    /**
     * Gives every category a column of its own.
     *
     * @param columns what to encode; none for all categorical columns
     * @return this builder
     */
    public Builder oneHot(String... columns) {
      return add(new Transform.OneHot(Arrays.asList(columns)));
    }

    /**
     * Takes category indices as numbers; enough for trees.
     *
     * @param columns what to encode; none for all categorical columns
     * @return this builder
     */
    public Builder ordinal(String... columns) {
      return add(new Transform.Ordinal(Arrays.asList(columns)));
    }

    /**
     * Replaces numbers by the index of their quantile bin.
     *
     * @param bins how many
     * @param columns what to bin; none for all numeric columns
     * @return this builder
     */
    public Builder quantileBins(int bins, String... columns) {
      return add(new Transform.QuantileBins(bins, Arrays.asList(columns)));
    }

    /**
     * Adds synthetic rows of the smaller classes between existing ones.
     *
     * @param k the number of neighbours
     * @param seed the seed of the draws
     * @return this builder
     */
    public Builder smote(int k, long seed) {
      return add(new Sampler.Smote(k, seed));
    }

    /**
     * Adds synthetic rows of the smaller classes, of numbers and categories; comes before the
     * categories are encoded.
     *
     * @param k the number of neighbours
     * @param seed the seed of the draws
     * @return this builder
     */
    public Builder smoteNc(int k, long seed) {
      return add(new Sampler.SmoteNc(k, seed));
    }

    /**
     * Repeats random rows of the smaller classes.
     *
     * @param seed the seed of the draws
     * @return this builder
     */
    public Builder oversample(long seed) {
      return add(new Sampler.Oversample(seed));
    }

    /**
     * Drops random rows of the larger classes.
     *
     * @param seed the seed of the draws
     * @return this builder
     */
    public Builder undersample(long seed) {
      return add(new Sampler.Undersample(seed));
    }

    /**
     * Weights every row by the inverse frequency of its class, n / (classes x rows of the class).
     *
     * @return this builder
     */
    public Builder balanceClasses() {
      classWeights = ClassWeights.balanced();
      return this;
    }

    /**
     * Weights the rows of each class.
     *
     * @param weights greater than 0, by class; 1 for classes not named
     * @return this builder
     */
    public Builder classWeights(Map<String, Double> weights) {
      classWeights = ClassWeights.of(new TreeMap<>(weights));
      return this;
    }

    /**
     * Makes probabilities of the trainer's scores.
     *
     * @param calibration the method
     * @return this builder
     */
    public Builder calibrate(Calibration calibration) {
      this.calibration = requireNonNull(calibration, "calibration");
      return this;
    }

    /**
     * Sets the kind of model.
     *
     * @param trainer the trainer
     * @return this builder
     */
    public Builder trainer(Trainer trainer) {
      trainers.clear();
      trainers.add(requireNonNull(trainer, "trainer"));
      return this;
    }

    /**
     * Sets the seed of the trainer.
     *
     * @param seed any number
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Finishes the recipe.
     *
     * @return the recipe
     * @throws InvalidInputException if no trainer was set
     */
    public Recipe build() {
      if (trainers.isEmpty()) {
        throw new InvalidInputException(
            "a recipe needs a trainer, such as trainer(Trainer.randomForest())");
      }
      return new Recipe(this, trainers.get(0));
    }
  }
}
