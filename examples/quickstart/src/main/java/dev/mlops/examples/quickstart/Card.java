package dev.mlops.examples.quickstart;

import dev.mlops.evaluation.ConfusionMatrix;
import dev.mlops.evaluation.Evaluation;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.compare.TestScores;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Makes the model card that is registered with a version. */
final class Card {

  private Card() {}

  static ModelCard of(
      String model,
      String source,
      String trainer,
      Evaluation evaluation,
      Map<String, String> lineage) {
    ModelCard.Builder card = ModelCard.builder(model)
        .intendedUse("Shows the lifecycle of a model on " + source + ".")
        .limits("Not for decisions about people: chosen and trained by an example program.")
        .data("source", source)
        .data("holdout rows", Integer.toString(evaluation.size()))
        .lineage(lineage)
        .lineage(Map.of("trainer", trainer))
        .schema(evaluation.schema())
        .metrics(evaluation.metrics());
    if (evaluation.schema().outputs() == 2 && evaluation.givesProbabilities()) {
      card.testScores(testScores(evaluation, lineage));
    } else {
      card.confusion(confusion(evaluation.confusion()));
    }
    return card.build();
  }

  private static TestScores testScores(Evaluation evaluation, Map<String, String> lineage) {
    double[] positive = IntStream.range(0, evaluation.size())
        .mapToDouble(i -> evaluation.scores()[i][1])
        .toArray();
    return TestScores.of(
        evaluation.targets(), positive, String.valueOf(lineage.get("data.fingerprint")));
  }

  private static ConfusionTable confusion(ConfusionMatrix matrix) {
    int size = matrix.classes().size();
    List<List<Long>> counts = IntStream.range(0, size)
        .mapToObj(truth -> LongStream.range(0, size)
            .mapToObj(called -> matrix.count(truth, (int) called))
            .toList())
        .toList();
    return new ConfusionTable(matrix.classes(), counts);
  }
}
