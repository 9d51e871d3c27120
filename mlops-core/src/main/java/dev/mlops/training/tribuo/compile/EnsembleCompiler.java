package dev.mlops.training.tribuo.compile;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mlops.model.internal.EnsembleKernel;
import dev.mlops.model.internal.Forests;
import dev.mlops.model.internal.Kernel;
import dev.mlops.model.internal.TreeNode;
import dev.mlops.training.tribuo.compile.TreeCompiler.ValueTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.protos.core.WeightedEnsembleModelProto;
import org.tribuo.regression.Regressor;

/** Compiles forests, bagged and boosted models. */
final class EnsembleCompiler {
  private static final String VOTES = "org.tribuo.classification.ensemble.VotingCombiner";
  private static final String SHARES =
      "org.tribuo.classification.ensemble.FullyWeightedVotingCombiner";
  private static final String MEAN = "org.tribuo.regression.ensemble.AveragingCombiner";

  private EnsembleCompiler() {}

  static Kernel compile(Model<?> model, Signature signature) {
    WeightedEnsembleModelProto proto = protoOf(model);
    String combiner = proto.getCombiner().getClassName();
    float[] weights = new float[proto.getWeightsCount()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = proto.getWeights(i);
    }
    if (signature.classification()) {
      return classes(cast(model), weights, combiner, signature);
    }
    if (!combiner.equals(MEAN)) {
      throw new NotCompilable("ensembles with " + combiner + " have no compiled form");
    }
    return quantity(cast(model), weights, signature);
  }

  /** Weights and combiner have no getters; the model's public protobuf form carries both. */
  private static WeightedEnsembleModelProto protoOf(Model<?> model) {
    try {
      return model.serialize().getSerializedData().unpack(WeightedEnsembleModelProto.class);
    } catch (InvalidProtocolBufferException e) {
      throw new NotCompilable("the ensemble's protobuf form cannot be read: " + e.getMessage());
    }
  }

  private static Kernel classes(
      WeightedEnsembleModel<Label> model, float[] weights, String combiner, Signature signature) {
    boolean votes = combiner.equals(VOTES);
    if (!votes && !combiner.equals(SHARES)) {
      throw new NotCompilable("ensembles with " + combiner + " have no compiled form");
    }
    int[] order = signature.classesOf(model);
    if (!allTrees(model)) {
      return anyKind(
          model,
          weights,
          votes ? EnsembleKernel.Combination.VOTE : EnsembleKernel.Combination.SHARE,
          order,
          signature);
    }
    TreeCompiler.requireInputs(signature);
    var table = new DistributionTable(signature);
    List<TreeNode> trees = new ArrayList<>();
    for (int t = 0; t < weights.length; t++) {
      TreeModel<Label> tree = TreeCompiler.cast(model.getModels().get(t));
      float weight = weights[t];
      trees.add(TreeCompiler.node(
          tree.getRoot(),
          tree.getFeatureIDMap(),
          signature,
          leaf ->
              votes ? signature.classOf(leaf.getOutput().getLabel()) : table.add(leaf, weight)));
    }
    return votes
        ? Forests.votes(signature.inputs(), trees, signature.outputs(), weights)
        : Forests.distributions(
            signature.inputs(), trees, signature.outputs(), table.values(), table.orders());
  }

  private static Kernel quantity(
      WeightedEnsembleModel<Regressor> model, float[] weights, Signature signature) {
    if (!allTrees(model)) {
      return anyKind(model, weights, EnsembleKernel.Combination.MEAN, new int[] {0}, signature);
    }
    TreeCompiler.requireInputs(signature);
    var numbers = new ValueTable(1);
    List<TreeNode> trees = new ArrayList<>();
    for (Model<Regressor> member : model.getModels()) {
      trees.add(TreeCompiler.regression(TreeCompiler.cast(member), signature, numbers));
    }
    return Forests.mean(signature.inputs(), trees, numbers.values(), weights);
  }

  private static Kernel anyKind(
      WeightedEnsembleModel<?> model,
      float[] weights,
      EnsembleKernel.Combination combination,
      int[] order,
      Signature signature) {
    List<Kernel> members = new ArrayList<>();
    for (Model<?> member : model.getModels()) {
      members.add(TribuoCompiler.kernel(member, signature));
    }
    double[] wide =
        IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).toArray();
    return new EnsembleKernel(members, wide, combination, order);
  }

  private static boolean allTrees(WeightedEnsembleModel<?> model) {
    return model.getModels().stream().allMatch(member -> member instanceof TreeModel<?>);
  }

  @SuppressWarnings("unchecked") // the kind of output follows from the schema's target
  private static <T extends Output<T>> WeightedEnsembleModel<T> cast(Model<?> model) {
    return (WeightedEnsembleModel<T>) model;
  }

  /** Numbers weighted distributions together with the order in which each lists its classes. */
  private static final class DistributionTable {
    private final Signature signature;
    private final ValueTable table;
    private final int classes;

    DistributionTable(Signature signature) {
      this.signature = signature;
      this.classes = signature.outputs();
      this.table = new ValueTable(2 * classes);
    }

    int add(LeafNode<Label> leaf, float weight) {
      double[] entry = new double[2 * classes];
      boolean[] listed = new boolean[classes];
      int position = classes;
      for (Label label : leaf.getDistribution().values()) {
        int k = signature.classOf(label.getLabel());
        entry[k] = weight * label.getScore();
        entry[position++] = k;
        listed[k] = true;
      }
      for (int k = 0; k < classes; k++) {
        if (!listed[k]) {
          entry[position++] = k; // adds 0
        }
      }
      return table.add(entry);
    }

    double[] values() {
      double[] all = table.values();
      double[] values = new double[all.length / 2];
      for (int i = 0; i < values.length; i++) {
        values[i] = all[i / classes * 2 * classes + i % classes];
      }
      return values;
    }

    int[] orders() {
      double[] all = table.values();
      int[] orders = new int[all.length / 2];
      for (int i = 0; i < orders.length; i++) {
        orders[i] = (int) all[i / classes * 2 * classes + classes + i % classes];
      }
      return orders;
    }
  }
}
