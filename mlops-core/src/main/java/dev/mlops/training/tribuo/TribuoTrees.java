package dev.mlops.training.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mlops.explanation.internal.FlatTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.classification.Label;
import org.tribuo.classification.ensemble.VotingCombiner;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.protos.core.WeightedEnsembleModelProto;
import org.tribuo.regression.Regressor;

/** Tribuo's trees as arrays, leaf values weighted so that the sum over trees is the score. */
final class TribuoTrees {
  private TribuoTrees() {}

  static Optional<List<FlatTree>> classes(Model<Label> model, List<String> classes) {
    boolean votes = isVoting(model);
    return of(model, leaf -> {
      double[] scores = new double[classes.size()];
      if (votes) {
        scores[classes.indexOf(leaf.getOutput().getLabel())] = 1;
      } else {
        for (Map.Entry<String, Label> entry : leaf.getDistribution().entrySet()) {
          scores[classes.indexOf(entry.getKey())] = entry.getValue().getScore();
        }
      }
      return scores;
    });
  }

  static Optional<List<FlatTree>> quantities(Model<Regressor> model) {
    return of(model, leaf -> new double[] {leaf.getOutput().getValues()[0]});
  }

  private static <T extends Output<T>> Optional<List<FlatTree>> of(
      Model<T> model, Function<LeafNode<T>, double[]> value) {
    if (model instanceof TreeModel<T> tree) {
      return Optional.of(List.of(flatten(tree, value, 1)));
    }
    if (!(model instanceof WeightedEnsembleModel<T> ensemble)
        || !ensemble.getModels().stream().allMatch(TreeModel.class::isInstance)) {
      return Optional.empty();
    }
    // weights and combiner have no getter; the protobuf form carries both
    List<Float> weights = proto(ensemble).getWeightsList();
    double sum = weights.stream().mapToDouble(Float::doubleValue).sum();
    List<FlatTree> trees = new ArrayList<>();
    for (int t = 0; t < weights.size(); t++) {
      TreeModel<T> tree = (TreeModel<T>) ensemble.getModels().get(t);
      trees.add(flatten(tree, value, weights.get(t) / sum));
    }
    return Optional.of(trees);
  }

  private static boolean isVoting(Model<?> model) {
    return model instanceof WeightedEnsembleModel<?> ensemble
        && proto(ensemble).getCombiner().getClassName().equals(VotingCombiner.class.getName());
  }

  private static WeightedEnsembleModelProto proto(WeightedEnsembleModel<?> ensemble) {
    try {
      return ensemble.serialize().getSerializedData().unpack(WeightedEnsembleModelProto.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an ensemble writes the form that it reads", e);
    }
  }

  private static <T extends Output<T>> FlatTree flatten(
      TreeModel<T> tree, Function<LeafNode<T>, double[]> value, double weight) {
    var builder = new FlatTree.Builder();
    add(tree.getRoot(), builder, value, weight);
    return builder.build();
  }

  private static <T extends Output<T>> int add(
      Node<T> node,
      FlatTree.Builder builder,
      Function<LeafNode<T>, double[]> value,
      double weight) {
    if (node instanceof SplitNode<T> split) {
      int index = builder.split(split.getFeatureID(), split.splitValue());
      int low = add(split.getLessThanOrEqual(), builder, value, weight);
      int high = add(split.getGreaterThan(), builder, value, weight);
      builder.children(index, low, high);
      return index;
    }
    double[] scores = value.apply((LeafNode<T>) node).clone();
    for (int k = 0; k < scores.length; k++) {
      scores[k] *= weight;
    }
    return builder.leaf(scores);
  }
}
