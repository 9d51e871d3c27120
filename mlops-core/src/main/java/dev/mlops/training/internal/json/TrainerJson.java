package dev.mlops.training.internal.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.internal.json.Json;
import dev.mlops.training.Trainer;

/** The JSON form of trainers; every setting is written, and one left out takes its default. */
final class TrainerJson {
  private TrainerJson() {}

  static void write(Trainer trainer, ObjectNode out) {
    if (trainer instanceof Trainer.RandomForest forest) {
      out.put("type", "randomForest")
          .put("trees", forest.trees())
          .put("maxDepth", forest.maxDepth())
          .put("minLeafRows", forest.minLeafRows())
          .put("featureShare", forest.featureShare());
    } else if (trainer instanceof Trainer.ExtraTrees forest) {
      out.put("type", "extraTrees")
          .put("trees", forest.trees())
          .put("maxDepth", forest.maxDepth())
          .put("minLeafRows", forest.minLeafRows())
          .put("featureShare", forest.featureShare());
    } else if (trainer instanceof Trainer.DecisionTree tree) {
      out.put("type", "decisionTree")
          .put("maxDepth", tree.maxDepth())
          .put("minLeafRows", tree.minLeafRows());
    } else if (trainer instanceof Trainer.AdaBoost boost) {
      out.put("type", "adaBoost")
          .put("trees", boost.trees())
          .put("maxDepth", boost.maxDepth())
          .put("minChildWeight", boost.minChildWeight());
    } else if (trainer instanceof Trainer.LogisticRegression regression) {
      out.put("type", "logisticRegression")
          .put("epochs", regression.epochs())
          .put("optimiser", RecipeJson.lower(regression.optimiser()))
          .put("learningRate", regression.learningRate());
    } else if (trainer instanceof Trainer.LinearRegression regression) {
      out.put("type", "linearRegression")
          .put("epochs", regression.epochs())
          .put("optimiser", RecipeJson.lower(regression.optimiser()))
          .put("learningRate", regression.learningRate());
    } else if (trainer instanceof Trainer.RbfSvm svm) {
      out.put("type", "rbfSvm").put("cost", svm.cost()).put("gamma", svm.gamma());
    } else if (trainer instanceof Trainer.GradientBoostedTrees trees) {
      out.put("type", "gradientBoostedTrees")
          .put("trees", trees.trees())
          .put("maxDepth", trees.maxDepth())
          .put("learningRate", trees.learningRate())
          .put("minChildWeight", trees.minChildWeight())
          .put("rowShare", trees.rowShare())
          .put("featureShare", trees.featureShare())
          .put("l2", trees.l2());
    }
  }

  static Trainer read(Json json) {
    Json type = json.at("type");
    switch (type.text()) {
      case "randomForest" -> {
        var d = Trainer.randomForest();
        return new Trainer.RandomForest(
            integer(json, "trees", d.trees()),
            integer(json, "maxDepth", d.maxDepth()),
            number(json, "minLeafRows", d.minLeafRows()),
            number(json, "featureShare", d.featureShare()));
      }
      case "extraTrees" -> {
        var d = Trainer.extraTrees();
        return new Trainer.ExtraTrees(
            integer(json, "trees", d.trees()),
            integer(json, "maxDepth", d.maxDepth()),
            number(json, "minLeafRows", d.minLeafRows()),
            number(json, "featureShare", d.featureShare()));
      }
      case "decisionTree" -> {
        var d = Trainer.decisionTree();
        return new Trainer.DecisionTree(
            integer(json, "maxDepth", d.maxDepth()), number(json, "minLeafRows", d.minLeafRows()));
      }
      case "adaBoost" -> {
        var d = Trainer.adaBoost();
        return new Trainer.AdaBoost(
            integer(json, "trees", d.trees()),
            integer(json, "maxDepth", d.maxDepth()),
            number(json, "minChildWeight", d.minChildWeight()));
      }
      case "logisticRegression" -> {
        var d = Trainer.logisticRegression();
        return new Trainer.LogisticRegression(
            integer(json, "epochs", d.epochs()),
            optimiser(json, d.optimiser()),
            number(json, "learningRate", d.learningRate()));
      }
      case "linearRegression" -> {
        var d = Trainer.linearRegression();
        return new Trainer.LinearRegression(
            integer(json, "epochs", d.epochs()),
            optimiser(json, d.optimiser()),
            number(json, "learningRate", d.learningRate()));
      }
      case "rbfSvm" -> {
        var d = Trainer.rbfSvm();
        return new Trainer.RbfSvm(number(json, "cost", d.cost()), number(json, "gamma", d.gamma()));
      }
      case "gradientBoostedTrees" -> {
        var d = Trainer.gradientBoostedTrees();
        return new Trainer.GradientBoostedTrees(
            integer(json, "trees", d.trees()),
            integer(json, "maxDepth", d.maxDepth()),
            number(json, "learningRate", d.learningRate()),
            number(json, "minChildWeight", d.minChildWeight()),
            number(json, "rowShare", d.rowShare()),
            number(json, "featureShare", d.featureShare()),
            number(json, "l2", d.l2()));
      }
      default ->
        throw type.wrong("randomForest, extraTrees, decisionTree, adaBoost, logisticRegression,"
            + " linearRegression, rbfSvm or gradientBoostedTrees");
    }
  }

  private static int integer(Json json, String name, int otherwise) {
    return json.has(name) ? json.at(name).integer() : otherwise;
  }

  private static double number(Json json, String name, double otherwise) {
    return json.has(name) ? json.at(name).number() : otherwise;
  }

  private static Trainer.Optimiser optimiser(Json json, Trainer.Optimiser otherwise) {
    return json.has("optimiser") ? json.at("optimiser").oneOf(Trainer.Optimiser.class) : otherwise;
  }
}
