package dev.mlops.training.tribuo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.internal.BoostedBinary;
import dev.mlops.model.internal.BoostedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/*
 * XGBoost's native library believes its files: a number of parallel trees of 0, a second target or
 * another number of classes in a parameter ends the process, not the call. So it is given only what
 * our trainers write. BoostedBinary has checked trees and features; here every byte that it skips
 * must have the one value that release 1.6 writes for the objectives in use.
 */

/** Lets only such XGBoost models through to the native parser as our trainers write. */
final class XgboostBytes {
  private static final int LEARNER_WORDS = 34;
  private static final int FOREST_WORDS = 40;
  private static final int TREE_WORDS = 37;
  private static final int NODE_BYTES = 20;
  private static final int STATISTIC_BYTES = 16;
  /** Stands for both children of a leaf. */
  private static final int LEAF = -1;
  /** Marks a left child in the word that names its parent. */
  private static final int LEFT = Integer.MIN_VALUE;

  private final ByteBuffer in;
  private final BoostedModel model;

  private XgboostBytes(ByteBuffer in, BoostedModel model) {
    this.in = in;
    this.model = model;
  }

  static void requireOurs(byte[] content, String place) {
    BoostedModel model;
    try {
      model = BoostedBinary.read(content);
    } catch (InvalidInputException e) {
      throw new CorruptException(place + ": " + e.getMessage(), e);
    }
    ByteBuffer in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    boolean marked = new String(content, 0, 4, UTF_8).equals("binf");
    new XgboostBytes(in.position(marked ? 4 : 0), model).check(place);
  }

  private void check(String place) {
    boolean classes = model.objective().equals("multi:softprob");
    require(
        classes || model.objective().equals("reg:squarederror"),
        place,
        "objective '" + model.objective() + "'");
    int[] learner = words(LEARNER_WORDS);
    int[] expected = new int[LEARNER_WORDS];
    expected[0] = learner[0]; // the base score, any number
    expected[1] = model.features();
    expected[2] = classes ? model.classes() : 0;
    expected[3] = 1; // attributes follow
    expected[5] = 1; // major version
    expected[6] = learner[6]; // minor version
    expected[7] = 1; // targets
    require(Arrays.equals(learner, expected), place, "parameters of the learner");
    in.position(in.position() + 2 * Long.BYTES + model.objective().length() + "gbtree".length());
    int[] forest = words(FOREST_WORDS);
    expected = new int[FOREST_WORDS];
    expected[0] = model.trees().size();
    expected[1] = 1; // parallel trees
    require(Arrays.equals(forest, expected), place, "parameters of the forest");
    model.trees().forEach(tree -> checkTree(tree, place));
    in.position(in.position() + model.trees().size() * Integer.BYTES);
    byte[] rest = new byte[in.remaining()];
    in.get(rest);
    require(Arrays.equals(rest, attributes(classes)), place, "attributes");
  }

  private void checkTree(BoostedModel.Tree tree, String place) {
    int nodes = tree.left().length;
    int[] parameters = words(TREE_WORDS);
    int[] expected = new int[TREE_WORDS];
    expected[0] = 1; // roots
    expected[1] = nodes;
    expected[2] = parameters[2]; // deleted nodes, which the native parser counts
    expected[4] = model.features();
    require(Arrays.equals(parameters, expected), place, "parameters of a tree");
    int start = in.position();
    for (int i = 0; i < nodes; i++) {
      if (tree.left()[i] >= 0) {
        require(
            parent(start, tree.left()[i]) == (i | LEFT) && parent(start, tree.right()[i]) == i,
            place,
            "parent of a node");
      } else {
        // The native walk takes -1 alone for the mark of a leaf and goes on from -2.
        require(tree.left()[i] == LEAF && tree.right()[i] == LEAF, place, "leaf");
      }
    }
    in.position(start + nodes * (NODE_BYTES + STATISTIC_BYTES));
  }

  private int parent(int start, int node) {
    return in.getInt(start + node * NODE_BYTES);
  }

  /** The objective again, as JSON, under its name. */
  private byte[] attributes(boolean classes) {
    String objective = classes
        ? "{\"name\":\"multi:softprob\",\"softmax_multiclass_param\":{\"num_class\":\""
            + model.classes() + "\"}}"
        : "{\"name\":\"reg:squarederror\",\"reg_loss_param\":{\"scale_pos_weight\":\"1\"}}";
    byte[] key = "objective".getBytes(UTF_8);
    byte[] value = objective.getBytes(UTF_8);
    return ByteBuffer.allocate(3 * Long.BYTES + key.length + value.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(1)
        .putLong(key.length)
        .put(key)
        .putLong(value.length)
        .put(value)
        .array();
  }

  private int[] words(int count) {
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = in.getInt();
    }
    return words;
  }

  private static void require(boolean holds, String place, String what) {
    if (!holds) {
      throw new CorruptException(
          place + ": XGBoost model has other " + what + " than our trainers write");
    }
  }
}
