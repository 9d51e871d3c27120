package dev.mlops.training.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops.data.Table;
import dev.mlops.explanation.Explainer;
import dev.mlops.explanation.Explanation;
import dev.mlops.training.Explainers;
import dev.mlops.training.Recipe;
import dev.mlops.training.TestTables;
import dev.mlops.training.Trainer;
import dev.mlops.training.internal.PipelinePredictor;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.junit.jupiter.api.Test;
import org.tribuo.common.xgboost.XGBoostModel;

/**
 * Against XGBoost's own path-dependent TreeSHAP. With squared error the weight of a node is its
 * number of training rows, which is what ours counts on the training table.
 */
class XgboostShapTest {

  @Test
  void explain_ofBoostedTrees_agreesWithTheNativeLibraryOnEveryRow() throws Exception {
    Table table = TestTables.diabetes();
    var model = Recipe.builder()
        .trainer(Trainer.gradientBoostedTrees().trees(25).maxDepth(5))
        .build()
        .train(table);
    var library = (PipelinePredictor)
        new TribuoFormat().read(TestTables.tribuoFile(model).content(), model.schema());
    Booster booster = ((XGBoostModel<?>) ((TribuoScorer) library.scorer()).model())
        .getInnerModels()
        .get(0);
    int width = table.schema().width();
    float[] values = new float[table.size() * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) table.value(i / width, i % width);
    }
    DMatrix matrix = new DMatrix(values, table.size(), width, Float.NaN);
    float[][] expected = booster.predictContrib(matrix, 0);
    matrix.dispose();

    Explainer explainer = Explainers.of(model.predictor(), table);

    double largest = 0;
    for (int i = 0; i < table.size(); i++) {
      Explanation explanation = explainer.explain(table.row(i));
      double[] found = explanation.contributions(0);
      assertThat(explanation.baseline(0)).isCloseTo(expected[i][width], within(1e-3));
      for (int j = 0; j < width; j++) {
        assertThat(found[j]).as("row %d, feature %d", i, j).isCloseTo(expected[i][j], within(1e-3));
        largest = Math.max(largest, Math.abs(found[j]));
      }
    }
    assertThat(largest).as("contributions are far above the tolerance").isGreaterThan(10);
  }
}
