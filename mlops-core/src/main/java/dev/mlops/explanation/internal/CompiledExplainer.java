package dev.mlops.explanation.internal;

import dev.mlops.explanation.Explanation;
import dev.mlops.model.internal.Additive;
import dev.mlops.model.internal.TreeNode;
import java.util.ArrayList;
import java.util.List;

/** Makes the explainer of the sums behind a compiled model. */
public final class CompiledExplainer {
  private CompiledExplainer() {}

  /**
   * Makes an explainer.
   *
   * @param sums the model
   * @param background at least one vector of the model's inputs
   */
  public static VectorExplainer of(Additive sums, double[][] background) {
    Explanation.Scale scale = sums.margin() ? Explanation.Scale.MARGIN : Explanation.Scale.SCORE;
    if (sums instanceof Additive.Linear linear) {
      return new LinearShapley(linear.weights(), linear.biases(), background, scale);
    }
    var forest = (Additive.Trees) sums;
    List<FlatTree> trees = new ArrayList<>();
    for (int t = 0; t < forest.trees().size(); t++) {
      var builder = new FlatTree.Builder();
      add(forest.trees().get(t), t, forest.leaves().values(), builder);
      trees.add(builder.build());
    }
    return new TreeShap(trees, forest.leaves().base(), background, scale);
  }

  private static int add(
      TreeNode node, int tree, Additive.LeafValues leaves, FlatTree.Builder into) {
    if (node instanceof TreeNode.Split split) {
      int at = into.split(split.input(), split.threshold(), split.missingRight());
      int low = add(split.left(), tree, leaves, into);
      int high = add(split.right(), tree, leaves, into);
      into.children(at, low, high);
      return at;
    }
    return into.leaf(leaves.of(tree, ((TreeNode.Leaf) node).value()));
  }
}
