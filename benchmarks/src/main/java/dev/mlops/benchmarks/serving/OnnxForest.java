package dev.mlops.benchmarks.serving;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.ensemble.WeightedEnsembleModel;

/** Writes a forest as ONNX's TreeEnsembleClassifier, which Tribuo itself cannot. */
final class OnnxForest {
  private final List<Long> trees = new ArrayList<>();
  private final List<Long> ids = new ArrayList<>();
  private final List<Long> features = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();
  private final List<Long> yes = new ArrayList<>();
  private final List<Long> no = new ArrayList<>();
  private final List<Long> leafTrees = new ArrayList<>();
  private final List<Long> leafIds = new ArrayList<>();
  private final List<Long> leafClasses = new ArrayList<>();
  private final List<Float> leafWeights = new ArrayList<>();
  private final WeightedEnsembleModel<Label> model;

  private OnnxForest(WeightedEnsembleModel<Label> model) {
    this.model = model;
  }

  static byte[] write(WeightedEnsembleModel<Label> model) {
    var forest = new OnnxForest(model);
    long tree = 0;
    for (Model<Label> member : model.getModels()) {
      forest.node(((TreeModel<Label>) member).getRoot(), tree++, 0);
    }
    return forest.model().toByteArray();
  }

  /** Adds a node and what is below it; returns the next free id. */
  private long node(Node<Label> node, long tree, long id) {
    int at = ids.size();
    trees.add(tree);
    ids.add(id);
    if (node instanceof LeafNode<Label> leaf) {
      features.add(0L);
      modes.add("LEAF");
      values.add(0f);
      yes.add(0L);
      no.add(0L);
      for (Label label : leaf.getDistribution().values()) {
        leafTrees.add(tree);
        leafIds.add(id);
        leafClasses.add((long) model.getOutputIDInfo().getID(label));
        leafWeights.add((float) (label.getScore() / model.getNumModels()));
      }
      return id + 1;
    }
    var split = (SplitNode<Label>) node;
    features.add((long) split.getFeatureID());
    modes.add("BRANCH_LEQ");
    values.add((float) split.splitValue());
    yes.add(id + 1);
    no.add(0L);
    long right = node(split.getLessThanOrEqual(), tree, id + 1);
    no.set(at, right);
    return node(split.getGreaterThan(), tree, right);
  }

  private ModelProto model() {
    var classes = new ArrayList<Long>();
    for (long k = 0; k < model.getOutputIDInfo().size(); k++) {
      classes.add(k);
    }
    NodeProto node = NodeProto.newBuilder()
        .setOpType("TreeEnsembleClassifier")
        .setDomain("ai.onnx.ml")
        .addInput("input")
        .addOutput("label")
        .addOutput("output")
        .addAttribute(longs("nodes_treeids", trees))
        .addAttribute(longs("nodes_nodeids", ids))
        .addAttribute(longs("nodes_featureids", features))
        .addAttribute(texts("nodes_modes", modes))
        .addAttribute(floats("nodes_values", values))
        .addAttribute(longs("nodes_truenodeids", yes))
        .addAttribute(longs("nodes_falsenodeids", no))
        .addAttribute(longs("class_treeids", leafTrees))
        .addAttribute(longs("class_nodeids", leafIds))
        .addAttribute(longs("class_ids", leafClasses))
        .addAttribute(floats("class_weights", leafWeights))
        .addAttribute(longs("classlabels_int64s", classes))
        .build();
    GraphProto graph = GraphProto.newBuilder()
        .setName("forest")
        .addNode(node)
        .addInput(tensor("input", TensorProto.DataType.FLOAT, FraudData.FEATURES))
        .addOutput(tensor("label", TensorProto.DataType.INT64, 0))
        .addOutput(tensor("output", TensorProto.DataType.FLOAT, classes.size()))
        .build();
    return ModelProto.newBuilder()
        .setIrVersion(6)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(1))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(11))
        .setGraph(graph)
        .build();
  }

  private static ValueInfoProto tensor(String name, TensorProto.DataType type, int width) {
    var shape = TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
    if (width > 0) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  private static AttributeProto longs(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  private static AttributeProto floats(String name, List<Float> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOATS)
        .addAllFloats(values)
        .build();
  }

  private static AttributeProto texts(String name, List<String> values) {
    var builder =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    values.forEach(value -> builder.addStrings(ByteString.copyFromUtf8(value)));
    return builder.build();
  }
}
