package dev.mlops.benchmarks.serving;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.common.tree.protos.SplitNodeProto;
import org.tribuo.common.tree.protos.TreeModelProto;
import org.tribuo.common.tree.protos.TreeNodeProto;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.protos.core.ModelProto;

/**
 * Enlarges a forest: further trees are trained ones whose features have changed places with others
 * of the same distribution, so that rows go as deep as in trained trees, but to other leaves.
 */
final class MoreTrees {
  private MoreTrees() {}

  static WeightedEnsembleModel<Label> of(Model<Label> forest, int trees) {
    List<Model<Label>> trained = ((WeightedEnsembleModel<Label>) forest).getModels();
    List<Model<Label>> all = new ArrayList<>(trained);
    var random = new Random(3);
    while (all.size() < trees) {
      all.add(shuffled(trained.get(all.size() % trained.size()), order(random)));
    }
    return WeightedEnsembleModel.createEnsembleFromExistingModels(
        "forest", all, new FullyWeightedVotingCombiner());
  }

  private static List<Integer> order(Random random) {
    List<Integer> amounts = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < FraudData.FEATURES; i++) {
      (FraudData.isAmount(i) ? amounts : others).add(i);
    }
    Collections.shuffle(amounts, random);
    Collections.shuffle(others, random);
    List<Integer> order = new ArrayList<>();
    for (int i = 0, amount = 0, other = 0; i < FraudData.FEATURES; i++) {
      order.add(FraudData.isAmount(i) ? amounts.get(amount++) : others.get(other++));
    }
    return order;
  }

  private static Model<Label> shuffled(Model<Label> tree, List<Integer> order) {
    try {
      ModelProto model = tree.serialize();
      TreeModelProto.Builder body =
          model.getSerializedData().unpack(TreeModelProto.class).toBuilder();
      for (TreeNodeProto.Builder node : body.getNodesBuilderList()) {
        // Not by the node's class name: Tribuo 4.3.2 writes that of a leaf for splits, too.
        if (node.getSerializedData().is(SplitNodeProto.class)) {
          SplitNodeProto split = node.getSerializedData().unpack(SplitNodeProto.class);
          node.setSerializedData(Any.pack(split.toBuilder()
              .setSplitFeatureIdx(order.get(split.getSplitFeatureIdx()))
              .build()));
        }
      }
      return Model.deserialize(
              model.toBuilder().setSerializedData(Any.pack(body.build())).build())
          .castModel(Label.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a tree cannot be rewritten", e);
    }
  }
}
