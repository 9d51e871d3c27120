package dev.mlops.model.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Trees as they are stored: nodes in the order in which a depth-first walk meets them, so that no
 * pointer is stored and none can be wrong. A file of any content describes finite trees.
 *
 * @param trees how many trees follow one another
 * @param nodes one entry per node: {@link #LEAF}, or the input with two flags above it
 * @param thresholds one per split, in node order; a value above it goes right
 * @param leaves one per leaf, in node order
 */
record FlatTrees(int trees, char[] nodes, double[] thresholds, int[] leaves) {
  static final char LEAF = 0xffff;
  static final int RIGHT_FIRST = 0x8000;
  static final int MISSING_RIGHT = 0x4000;
  static final int INPUT = 0x3fff;

  /** The largest number of inputs that the encoding can name. */
  static final int MAX_INPUTS = INPUT;

  /** Encodes trees. The larger child comes first: the likelier path stays close in memory. */
  static FlatTrees of(List<TreeNode> roots) {
    int size = roots.stream().mapToInt(TreeNode::size).sum();
    int splits = (size - roots.size()) / 2;
    char[] nodes = new char[size];
    double[] thresholds = new double[splits];
    int[] leaves = new int[size - splits];
    int n = 0;
    int s = 0;
    int l = 0;
    Deque<TreeNode> open = new ArrayDeque<>();
    for (TreeNode root : roots) {
      open.push(root);
      while (!open.isEmpty()) {
        TreeNode node = open.pop();
        if (node instanceof TreeNode.Split split) {
          boolean rightFirst = split.right().size() > split.left().size();
          nodes[n++] = (char) (split.input()
              | (rightFirst ? RIGHT_FIRST : 0)
              | (split.missingRight() ? MISSING_RIGHT : 0));
          thresholds[s++] = split.threshold();
          open.push(rightFirst ? split.left() : split.right());
          open.push(rightFirst ? split.right() : split.left());
        } else if (node instanceof TreeNode.Leaf leaf) {
          nodes[n++] = LEAF;
          leaves[l++] = leaf.value();
        }
      }
    }
    return new FlatTrees(roots.size(), nodes, thresholds, leaves);
  }

  /** Returns the number of splits on the longest path of all trees. */
  int depth() {
    int deepest = 0;
    int level = 0;
    int[] secondLevels = new int[64]; // of the second children still to come
    int open = 0;
    for (char node : nodes) {
      if (node == LEAF) {
        deepest = Math.max(deepest, level);
        level = open == 0 ? 0 : secondLevels[--open];
      } else {
        level++;
        if (open == secondLevels.length) {
          secondLevels = Arrays.copyOf(secondLevels, 2 * open);
        }
        secondLevels[open++] = level;
      }
    }
    return deepest;
  }

  /** Returns the number of nodes of the largest tree. */
  int largest() {
    int largest = 0;
    int size = 0;
    int open = 1;
    for (char node : nodes) {
      size++;
      open += node == LEAF ? -1 : 1;
      if (open == 0) {
        largest = Math.max(largest, size);
        size = 0;
        open = 1;
      }
    }
    return largest;
  }

  /** Decodes the trees. */
  List<TreeNode> roots() {
    int[] next = new int[3];
    List<TreeNode> roots = new ArrayList<>(trees);
    for (int t = 0; t < trees; t++) {
      roots.add(root(next));
    }
    return roots;
  }

  /** Decodes from the next node, split and leaf on. */
  private TreeNode root(int[] next) {
    char node = nodes[next[0]++];
    if (node == LEAF) {
      return new TreeNode.Leaf(leaves[next[2]++]);
    }
    double threshold = thresholds[next[1]++];
    boolean rightFirst = (node & RIGHT_FIRST) != 0;
    TreeNode one = root(next);
    TreeNode other = root(next);
    return new TreeNode.Split(
        node & INPUT,
        threshold,
        rightFirst ? other : one,
        rightFirst ? one : other,
        (node & MISSING_RIGHT) != 0);
  }

  void write(FlatWriter out) {
    out.putInt(trees);
    out.putChars(nodes);
    out.putDoubles(thresholds);
    out.putInts(leaves);
  }

  static FlatTrees read(FlatReader in, int inputs) {
    int trees = in.getInt("trees", 1, 1 << 20);
    char[] nodes = in.getChars();
    double[] thresholds = in.getDoubles();
    int[] leaves = in.getInts();
    FlatReader.require(nodes.length <= 1 << 29, "too many nodes: " + nodes.length);
    FlatReader.require(
        nodes.length == thresholds.length + leaves.length
            && leaves.length == thresholds.length + trees,
        "numbers of nodes, splits, leaves and trees do not agree");
    // The walk must open exactly as many nodes as there are, tree by tree.
    int splits = 0;
    int done = 0;
    int open = 1;
    for (char node : nodes) {
      if (open == 0) {
        done++;
        open = 1;
      }
      if (node == LEAF) {
        open--;
      } else {
        FlatReader.require((node & INPUT) < inputs, "a node reads input " + (node & INPUT));
        splits++;
        open++;
      }
    }
    FlatReader.require(
        open == 0 && done + 1 == trees && splits == thresholds.length, "trees are not complete");
    return new FlatTrees(trees, nodes, thresholds, leaves);
  }
}
