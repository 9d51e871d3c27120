package dev.mlops.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Table;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFile;
import dev.mlops.model.Predictor;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.model.internal.Thresholds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random recipes on random tables: the compiled file answers as the library's model behind its
 * transforms does, on rows that hit thresholds and extremes, and refuses the rows that it refuses.
 */
class CompiledRecipesTest {
  private static final int RECIPES = 200;
  private static final int KINDS = 8;
  private static final int ROWS = Boolean.getBoolean("mlops.long") ? 2_000 : 400;
  private static final long SEED = 5;

  @Test
  void predict_compiledRecipe_equalsTheLibrary() {
    Map<String, Integer> checked = new TreeMap<>();
    int compared = 0;
    for (long seed = SEED; compared < RECIPES; seed++) {
      assertThat(seed).as("draws").isLessThan(SEED + 2 * RECIPES);
      var random = new Random(seed);
      int kind = compared % KINDS;
      Table table = table(kind < 2 || (kind < 7 && random.nextInt(3) > 0), random);
      Recipe recipe = recipe(kind, table, random);
      TrainedModel model;
      try {
        model = recipe.train(table);
      } catch (InvalidInputException e) {
        continue; // the draw cannot be learned, such as a class with too few rows to calibrate
      }
      var file =
          model.files().stream().filter(f -> f.name().equals("model.flat")).findAny();
      if (file.isPresent()) { // a class without any row has no compiled form
        compare(model, file.get(), table, random, "seed " + seed + ": " + recipe);
        checked.merge(recipe.trainer().getClass().getSimpleName(), ROWS, Integer::sum);
        compared++;
      }
    }

    assertThat(checked)
        .as("rows by kind")
        .hasSize(KINDS)
        .allSatisfy((kind, rows) -> assertThat(rows).as(kind).isGreaterThanOrEqualTo(10_000));
  }

  private static void compare(
      TrainedModel model, ModelFile file, Table table, Random random, String as) {
    var compiled = (CompiledPredictor) new FlatFormat().read(file.content(), table.schema());
    Predictor library = model.library();
    assertThat(compiled.givesProbabilities()).as(as).isEqualTo(library.givesProbabilities());
    List<Double> thresholds = Thresholds.of(compiled);
    for (int i = 0; i < ROWS; i++) {
      double[] row = row(table, thresholds, random);
      double[] expected;
      try {
        expected = predict(library, row);
      } catch (InvalidInputException e) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> compiled.predict(row))
            .as("%s on %s", as, Arrays.toString(row))
            .isInstanceOf(InvalidInputException.class);
        continue;
      }
      if (expected.length == 0) {
        continue;
      }
      double[] actual = compiled.predict(row);
      for (int k = 0; k < actual.length; k++) {
        boolean same = Double.compare(actual[k], expected[k]) == 0
            || Math.abs(actual[k] - expected[k])
                <= compiled.tolerance() * Math.max(1, Math.abs(expected[k]));
        assertThat(same)
            .as(
                "%s on %s: score %d is %s, should be %s",
                as, Arrays.toString(row), k, actual[k], expected[k])
            .isTrue();
      }
    }
  }

  /**
   * XGBoost's native code refuses numbers beyond the range of a float; the compiled form does not.
   */
  private static double[] predict(Predictor library, double[] row) {
    try {
      return library.predict(row);
    } catch (CorruptException e) {
      assertThat(e).hasMessageContaining("XGBoostError");
      return new double[0];
    }
  }

  private static double[] row(Table table, List<Double> thresholds, Random random) {
    double[] row = table.row(random.nextInt(table.size()));
    double[] special = {
      0.0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_NORMAL,
      1e15,
      -1e15,
      Float.MAX_VALUE,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.MAX_VALUE
    };
    for (int i = 0; i < row.length; i++) {
      if (table.schema().features().get(i) instanceof Feature.Categorical categorical) {
        if (random.nextInt(6) == 0) {
          row[i] = random.nextInt(4) == 0
              ? Double.NaN
              : random.nextInt(categorical.categories().size() + 1) - 1;
        }
        continue;
      }
      switch (random.nextInt(12)) {
        case 0, 1 -> {
          if (!thresholds.isEmpty()) {
            row[i] = thresholds.get(random.nextInt(thresholds.size()));
          }
        }
        case 2 -> row[i] = Math.nextUp(row[i]);
        case 3 -> row[i] = special[random.nextInt(special.length)];
        default -> {}
      }
    }
    return row;
  }

  private static Table table(boolean classification, Random random) {
    int width = 2 + random.nextInt(6);
    int classes = classification ? 2 + random.nextInt(3) : 0;
    List<Feature> features = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      features.add(
          i > 0 && random.nextInt(3) == 0
              ? new Feature.Categorical(
                  "c" + i, List.of("x", "y", "z").subList(0, 2 + random.nextInt(2)))
              : new Feature.Numeric("n" + (width - i)));
    }
    Target target = classes == 0
        ? new Target.Quantity("label")
        : new Target.Classes(
            "label",
            IntStream.range(0, classes)
                .mapToObj(k -> (k % 2 == 0 ? "b" : "a") + k)
                .toList());
    int rows = 150 + random.nextInt(150);
    double missing = random.nextBoolean() ? 0 : 0.1;
    double[][] values = new double[rows][width];
    double[] targets = new double[rows];
    for (int r = 0; r < rows; r++) {
      double sum = random.nextGaussian() * 0.3;
      for (int i = 0; i < width; i++) {
        values[r][i] = features.get(i) instanceof Feature.Categorical categorical
            ? random.nextInt(categorical.categories().size())
            : random.nextInt(4) == 0 ? random.nextInt(5) - 2 : random.nextGaussian() * 10;
        sum += Math.sin(values[r][i] + i);
        if (random.nextDouble() < missing) {
          values[r][i] = Double.NaN;
        }
      }
      targets[r] =
          classes == 0 ? sum : Math.min(classes - 1, (int) (classes / (1 + Math.exp(-sum))));
    }
    return Table.of(new Schema(features, target), values, targets);
  }

  private static Recipe recipe(int kind, Table table, Random random) {
    Recipe.Builder recipe = Recipe.builder();
    if (random.nextInt(3) == 0) {
      recipe.indicateMissing();
    }
    recipe.impute(Transform.Fill.values()[random.nextInt(3)]);
    boolean categories =
        table.schema().features().stream().anyMatch(f -> f instanceof Feature.Categorical);
    boolean encodeFirst = random.nextBoolean();
    if (categories && encodeFirst) {
      encode(recipe, random);
    }
    switch (random.nextInt(6)) {
      case 0 -> recipe.standardise();
      case 1 -> recipe.minMaxScale();
      case 2 -> recipe.robustScale();
      case 3 -> recipe.quantileBins(4);
      case 4 -> recipe.standardise().minMaxScale();
      default -> {}
    }
    if (categories && !encodeFirst) {
      encode(recipe, random);
    }
    boolean classes = table.schema().target() instanceof Target.Classes;
    recipe.trainer(trainer(kind, random)).seed(random.nextInt(1_000));
    if (classes && random.nextInt(4) == 0) {
      recipe.calibrate(random.nextBoolean() ? Calibration.platt() : Calibration.isotonic());
    }
    return recipe.build();
  }

  private static void encode(Recipe.Builder recipe, Random random) {
    if (random.nextBoolean()) {
      recipe.oneHot();
    } else {
      recipe.ordinal();
    }
  }

  /** Kinds 0 and 1 learn classes only, kind 7 quantities only. */
  private static Trainer trainer(int kind, Random random) {
    return switch (kind) {
      case 0 -> new Trainer.AdaBoost(8, 3, 1e-4);
      case 1 -> Trainer.logisticRegression();
      case 2 -> new Trainer.RandomForest(10, random.nextInt(2) * 5, 1, 0);
      case 3 -> new Trainer.ExtraTrees(7, 0, 1, 0);
      case 4 -> Trainer.decisionTree();
      case 5 -> Trainer.rbfSvm();
      case 6 -> new Trainer.GradientBoostedTrees(12, 4, 0.3, 1, 1, 1, 1);
      default -> Trainer.linearRegression();
    };
  }
}
