package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/*
 * XGBoost's binary model format, written by versions up to 2 (src/learner.cc, src/gbm/
 * gbtree_model.h and include/xgboost/tree_model.h of release 1.6): parameters of the learner (136
 * bytes), names of objective and booster, parameters of the trees (160 bytes), then per tree its
 * parameters (148 bytes), nodes (20 bytes each) and statistics (16 bytes each), and last the class
 * of every tree. Attributes and metrics, which may follow, are not read. Little endian.
 */
/** Reads XGBoost's binary model format. */
public final class BoostedBinary {
  private static final int MAX_NODES = 1 << 28;
  private static final int MAX_DEPTH = 1000;

  private BoostedBinary() {}

  /**
   * Reads a model.
   *
   * @param content the whole file
   * @return the model
   * @throws CorruptException if the bytes are not such a model
   * @throws InvalidInputException if a tree is deeper than 1,000 levels, or the model uses a
   *     booster or leaves that are not supported
   */
  public static BoostedModel read(byte[] content) {
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    try {
      if (content.length > 4
          && new String(content, 0, 4, StandardCharsets.US_ASCII).equals("binf")) {
        in.position(4);
      }
      return learner(in);
    } catch (BufferUnderflowException e) {
      throw new CorruptException(
          "XGBoost binary model ends early, after " + content.length + " bytes", e);
    }
  }

  private static BoostedModel learner(ByteBuffer in) {
    float base = in.getFloat();
    int features = in.getInt();
    int classes = Math.max(1, in.getInt());
    skip(in, 136 - 12);
    String objective = text(in);
    String booster = text(in);
    BoostedModel.supported(
        !booster.equals("dart") && !booster.equals("gblinear"), "booster '" + booster + "'");
    require(booster.equals("gbtree"), "booster '" + booster + "'");
    require(
        features >= 0 && classes <= BoostedModel.MAX_CLASSES,
        features + " features, " + classes + " classes");
    int count = in.getInt();
    require(count > 0 && count <= 1 << 20, count + " trees");
    skip(in, 160 - 4);
    List<BoostedModel.Tree> trees = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      trees.add(tree(in, features));
    }
    int[] treeClass = new int[count];
    for (int t = 0; t < count; t++) {
      treeClass[t] = in.getInt();
      require(treeClass[t] >= 0 && treeClass[t] < classes, "tree of class " + treeClass[t]);
    }
    return new BoostedModel(
        objective, classes, BoostedModel.marginOf(objective, base), features, trees, treeClass);
  }

  private static BoostedModel.Tree tree(ByteBuffer in, int features) {
    in.getInt();
    int nodes = in.getInt();
    require(nodes > 0 && nodes <= MAX_NODES && nodes * 36L <= in.remaining(), nodes + " nodes");
    skip(in, 3 * 4);
    int leafVector = in.getInt();
    require(leafVector >= 0, "leaves with " + leafVector + " values");
    BoostedModel.supported(leafVector <= 1, "leaves of several values");
    skip(in, 148 - 6 * 4);
    var tree = new BoostedModel.Tree(
        new int[nodes], new int[nodes], new int[nodes], new float[nodes], new boolean[nodes]);
    for (int i = 0; i < nodes; i++) {
      in.getInt();
      tree.left()[i] = in.getInt();
      tree.right()[i] = in.getInt();
      int split = in.getInt();
      tree.missingLeft()[i] = split < 0;
      tree.feature()[i] = split & Integer.MAX_VALUE;
      tree.condition()[i] = in.getFloat();
    }
    skip(in, nodes * 16);
    check(tree, features);
    return tree;
  }

  /**
   * Throws unless every node is reached at most once from the root and reads a known feature, and
   * no walk is so long that recursion along it would be unsafe.
   */
  public static void check(BoostedModel.Tree tree, int features) {
    int nodes = tree.left().length;
    boolean[] child = new boolean[nodes];
    child[0] = true;
    for (int i = 0; i < nodes; i++) {
      if (tree.left()[i] >= 0) {
        claim(child, tree.left()[i]);
        claim(child, tree.right()[i]);
        require(
            tree.feature()[i] >= 0 && tree.feature()[i] < features,
            "a split reads feature " + tree.feature()[i] + " of " + features);
      }
    }
    requireDepth(tree);
  }

  private static void requireDepth(BoostedModel.Tree tree) {
    int[] level = {0};
    for (int depth = 0; level.length > 0; depth++) {
      if (depth > MAX_DEPTH) {
        throw new InvalidInputException(
            "XGBoost trees deeper than " + MAX_DEPTH + " levels are not supported");
      }
      level = Arrays.stream(level)
          .filter(i -> tree.left()[i] >= 0)
          .flatMap(i -> IntStream.of(tree.left()[i], tree.right()[i]))
          .toArray();
    }
  }

  private static void claim(boolean[] child, int node) {
    require(node >= 0 && node < child.length && !child[node], "node " + node + " has two parents");
    child[node] = true;
  }

  private static String text(ByteBuffer in) {
    long length = in.getLong();
    require(
        length >= 0 && length <= Math.min(in.remaining(), 1 << 10),
        "a name of " + length + " bytes");
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void skip(ByteBuffer in, int bytes) {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + bytes);
  }

  static void require(boolean holds, String found) {
    if (!holds) {
      throw new CorruptException("XGBoost model cannot be read: " + found);
    }
  }
}
