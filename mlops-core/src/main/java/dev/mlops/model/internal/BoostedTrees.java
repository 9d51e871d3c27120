package dev.mlops.model.internal;

import dev.mlops.error.CorruptException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gradient-boosted trees: each class has a margin, the float sum of a base and of one float per
 * tree, and a link turns margins into scores. Margins are bit-equal to XGBoost's; links may differ
 * from its native {@code expf} in the last bit of a float.
 */
final class BoostedTrees implements LeafRule {
  static final int TAG = 6;

  /** How margins become scores. */
  enum Link {
    /** The margin itself. */
    IDENTITY,
    /** Two classes from one margin: 1 - p and p, p the logistic function. */
    LOGISTIC,
    /** One number: the logistic function of the margin. */
    LOGISTIC_QUANTITY,
    /** One number: e to the margin. */
    EXP,
    /** One share per class. */
    SOFTMAX
  }

  private final Link link;
  private final int margins;
  private final float base;
  private final char[] classOfTree;
  private int[] classOfGroup = {};

  /**
   * Creates the rule.
   *
   * @param link how margins become scores
   * @param margins how many margins there are
   * @param base what every margin starts from
   * @param classOfTree to which margin each tree adds; leaves hold the bits of a float
   */
  BoostedTrees(Link link, int margins, float base, char[] classOfTree) {
    this.link = link;
    this.margins = margins;
    this.base = base;
    this.classOfTree = classOfTree;
  }

  @Override
  public int outputs() {
    return link == Link.LOGISTIC ? 2 : margins;
  }

  @Override
  public int neutralLeaf() {
    return Float.floatToRawIntBits(-0f); // x + -0 is x, also where x is -0
  }

  @Override
  public double tolerance() {
    return link == Link.IDENTITY ? 0 : 0x1p-22; // two units of a float below 1
  }

  @Override
  public boolean followsMissing() {
    return true;
  }

  /** Groups hold trees of one class in training order, so that a group adds to one sum. */
  @Override
  public int[] places(int trees, int width) {
    int[] perClass = new int[margins];
    for (char c : classOfTree) {
      perClass[c]++;
    }
    int[] next = new int[margins];
    int length = 0;
    for (int k = 0; k < margins; k++) {
      next[k] = length;
      length += (perClass[k] + width - 1) / width * width;
    }
    classOfGroup = new int[length / width];
    int[] places = new int[length];
    Arrays.fill(places, -1);
    for (int t = 0; t < trees; t++) {
      int k = classOfTree[t];
      classOfGroup[next[k] / width] = k;
      places[next[k]++] = t;
    }
    return places;
  }

  @Override
  public double begin(double[] scores) {
    for (int k = 0; k < margins; k++) {
      scores[k] = base;
    }
    return 0;
  }

  @Override
  public double add(
      double carry,
      double[] scores,
      int group,
      int a,
      int b,
      int c,
      int d,
      int e,
      int f,
      int g,
      int h) {
    int k = classOfGroup[group];
    float sum = (float) scores[k];
    sum += Float.intBitsToFloat(a);
    sum += Float.intBitsToFloat(b);
    sum += Float.intBitsToFloat(c);
    sum += Float.intBitsToFloat(d);
    sum += Float.intBitsToFloat(e);
    sum += Float.intBitsToFloat(f);
    sum += Float.intBitsToFloat(g);
    sum += Float.intBitsToFloat(h);
    scores[k] = sum;
    return carry;
  }

  @Override
  public void finish(double carry, double[] scores) {
    switch (link) {
      case IDENTITY -> {}
      case EXP -> scores[0] = (float) Math.exp((float) scores[0]);
      case LOGISTIC_QUANTITY -> scores[0] = logistic((float) scores[0]);
      case LOGISTIC -> {
        float p = logistic((float) scores[0]);
        scores[1] = p;
        scores[0] = 1f - p;
      }
      case SOFTMAX -> softmax(scores);
    }
  }

  private static float logistic(float margin) {
    return 1f / (1f + (float) Math.exp(-margin));
  }

  private void softmax(double[] scores) {
    float max = (float) scores[0];
    for (int k = 1; k < margins; k++) {
      max = Math.max(max, (float) scores[k]);
    }
    double sum = 0;
    for (int k = 0; k < margins; k++) {
      float e = (float) scores[k] == max ? 1f : (float) Math.exp((float) scores[k] - max);
      scores[k] = e;
      sum += e;
    }
    float total = (float) sum;
    for (int k = 0; k < margins; k++) {
      scores[k] = (float) scores[k] / total;
    }
  }

  @Override
  public Optional<Additive.Leaves> leaves(List<TreeNode> trees) {
    double[] bases = new double[outputs()];
    Arrays.fill(bases, base);
    if (link == Link.LOGISTIC) {
      // one margin speaks for both classes: half for the second, half against the first
      return Optional.of(
          new Additive.Leaves(new double[] {-base / 2.0, base / 2.0}, true, (tree, leaf) -> {
            double half = Float.intBitsToFloat(leaf) / 2.0;
            return new double[] {-half, half};
          }));
    }
    return Optional.of(new Additive.Leaves(bases, link != Link.IDENTITY, (tree, leaf) -> {
      double[] sums = new double[margins];
      sums[classOfTree[tree]] = Float.intBitsToFloat(leaf);
      return sums;
    }));
  }

  @Override
  public void check(FlatTrees trees) {
    FlatReader.require(classOfTree.length == trees.trees(), "one class per tree");
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void writeBody(FlatWriter out) {
    out.putByte(link.ordinal());
    out.putInt(margins);
    out.putInt(Float.floatToRawIntBits(base));
    out.putChars(classOfTree);
  }

  static BoostedTrees readBody(FlatReader in) {
    int link = in.getByte();
    Link[] links = Link.values();
    if (link < 0 || link >= links.length) {
      throw new CorruptException("flat model: unknown link " + link);
    }
    int margins = in.getInt("margins", 1, 1 << 16);
    FlatReader.require(
        margins == 1 || links[link] == Link.SOFTMAX || links[link] == Link.IDENTITY,
        "the link takes one margin");
    float base = Float.intBitsToFloat(in.getInt());
    char[] classOfTree = in.getChars();
    for (char c : classOfTree) {
      FlatReader.require(c < margins, "a tree adds to margin " + (int) c);
    }
    return new BoostedTrees(links[link], margins, base, classOfTree);
  }

  @Override
  public String describe() {
    return "boosted trees";
  }
}
