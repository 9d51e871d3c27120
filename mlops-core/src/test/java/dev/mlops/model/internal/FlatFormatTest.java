package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.Predictor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Whatever happens to the bytes, the answer is the right one or a typed error. */
class FlatFormatTest {
  private static final int MUTATIONS = 10_000;
  private static final long SEED = 77;
  private static final Schema SCHEMA = new Schema(
      List.of(
          new Feature.Numeric("a"),
          new Feature.Numeric("b"),
          new Feature.Categorical("c", List.of("x", "y"))),
      new Target.Classes("t", List.of("no", "yes")));
  private static final double[][] ROWS = {{0.3, -2, 0}, {-5, 7, 1}, {1, 1, 1}};

  private final FlatFormat format = new FlatFormat();

  static List<CompiledPredictor> models() {
    var random = new Random(SEED);
    List<TreeNode> trees = new ArrayList<>();
    for (int t = 0; t < 11; t++) {
      trees.add(tree(random, 5, 2));
    }
    float[] even = new float[11];
    float[] uneven = new float[11];
    for (int t = 0; t < 11; t++) {
      even[t] = 1;
      uneven[t] = t + 1;
    }
    var program = new RowProgram(
        3,
        List.of(
            new RowProgram.Column(0, List.of(new ColumnStep.Fill(1), new ColumnStep.Scale(2, 3))),
            new RowProgram.Column(1, List.of(new ColumnStep.Bin(new double[] {-1, 0, 4}))),
            new RowProgram.Column(2, List.of(new ColumnStep.Is(1))),
            new RowProgram.Column(2, List.of(new ColumnStep.IsMissing()))));
    var calibration = new Calibration(List.of(
        new Calibration.ScoreMap.Points(new double[] {0, 0.5, 1}, new double[] {0.1, 0.6, 0.9})));
    var sigmoid = new Calibration(List.of(new Calibration.ScoreMap.Sigmoid(-2, 1)));
    Kernel linear = new LinearKernel(
        4,
        new int[] {3, 0, 1, 2},
        new double[][] {{1, 2, 3, 4}, {-1, 0, 1, 2}},
        new double[] {0.5, -0.5},
        LinearKernel.Link.SOFTMAX,
        new int[] {1, 0});
    Kernel svm = new SvmKernel(
        4,
        new SvmKernel.Parameters(
            new SupportVectors(
                SupportVectors.Similarity.RBF, 0.5, 0, 3, new int[] {0, 1, 2, 3}, new double[][] {
                  {0.1, 1, -2}, {3, 0, 0.5}, {-1, 2, 0}, {1, 1, 0.25}
                }),
            new int[] {2, 1},
            new double[][] {{1, -0.5, 0.25}},
            new double[] {0.1},
            new double[] {-1},
            new double[] {0.2},
            new int[] {1, 0},
            1,
            0));
    var boosted = new ForestKernel(
        4,
        FlatTrees.of(floats(trees)),
        new BoostedTrees(BoostedTrees.Link.LOGISTIC, 1, 0.5f, new char[11]));
    return List.of(
        model(program, Forests.votes(4, trees, 2, even), calibration),
        model(program, Forests.votes(4, trees, 2, uneven), sigmoid),
        model(
            program,
            Forests.distributions(
                4, trees, 2, new double[] {0.2, 0.8, 0.6, 0.4}, new int[] {0, 1, 1, 0}),
            Calibration.NONE),
        model(
            program,
            Forests.single(4, trees.get(0), 2, new double[] {1, 0, 0, 1}),
            Calibration.NONE),
        model(program, boosted, Calibration.NONE),
        model(program, linear, Calibration.NONE),
        model(program, svm, Calibration.NONE),
        model(
            program,
            new EnsembleKernel(
                List.of(linear, svm),
                new double[] {1, 2},
                EnsembleKernel.Combination.SHARE,
                new int[] {1, 0}),
            Calibration.NONE));
  }

  private static CompiledPredictor model(
      RowProgram program, Kernel kernel, Calibration calibration) {
    return new CompiledPredictor(SCHEMA, true, program, false, kernel, calibration);
  }

  private static TreeNode tree(Random random, int depth, int leaves) {
    return depth == 0 || random.nextInt(5) == 0
        ? new TreeNode.Leaf(random.nextInt(leaves))
        : new TreeNode.Split(
            random.nextInt(4),
            random.nextGaussian(),
            tree(random, depth - 1, leaves),
            tree(random, depth - 1, leaves));
  }

  private static List<TreeNode> floats(List<TreeNode> trees) {
    return trees.stream().map(FlatFormatTest::floats).toList();
  }

  private static TreeNode floats(TreeNode node) {
    return node instanceof TreeNode.Split split
        ? new TreeNode.Split(
            split.input(),
            split.threshold(),
            floats(split.left()),
            floats(split.right()),
            split.input() == 1)
        : new TreeNode.Leaf(Float.floatToRawIntBits(0.1f * ((TreeNode.Leaf) node).value()));
  }

  @Test
  void read_whatWasWritten_answersTheSame() {
    for (CompiledPredictor model : models()) {
      byte[] bytes = FlatFormat.write(model).content();

      Predictor read = format.read(bytes, SCHEMA);

      assertThat(FlatFormat.write((CompiledPredictor) read).content()).isEqualTo(bytes);
      assertThat(read.describe()).isEqualTo(model.describe());
      for (double[] row : ROWS) {
        assertThat(read.predict(row)).as(model.describe()).isEqualTo(model.predict(row));
      }
    }
  }

  @Test
  void read_changedOrTruncatedBytes_isCorrupt() {
    var random = new Random(SEED);
    List<CompiledPredictor> models = models();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = FlatFormat.write(models.get(i % models.size())).content();
      byte[] mutated = bytes.clone();
      switch (random.nextInt(3)) {
        case 0 -> mutated = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        case 1 -> mutated[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        default -> mutated = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
      }
      byte[] content = mutated;
      assertThatThrownBy(() -> format.read(content, SCHEMA))
          .as("mutation %d, seed %d", i, SEED)
          .isInstanceOf(CorruptException.class);
    }
  }

  /** Bytes that somebody has signed with a right checksum: never another kind of error, no hang. */
  @Test
  void read_forgedBodyWithTheRightChecksum_isRefusedOrAnswers() {
    var random = new Random(SEED);
    List<CompiledPredictor> models = models();
    double[] scores = new double[2];
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = FlatFormat.write(models.get(i % models.size())).content();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[16 + random.nextInt(bytes.length - 20)] ^= (byte) (1 + random.nextInt(255));
      }
      seal(bytes);
      try {
        Predictor read = format.read(bytes, SCHEMA);
        for (double[] row : ROWS) {
          read.predict(row, scores);
        }
      } catch (CorruptException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(MUTATIONS / 5);
  }

  private static void seal(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 4, (int)
        crc.getValue());
  }

  @Test
  void read_forAnotherSchema_isCorrupt() {
    byte[] bytes = FlatFormat.write(models().get(0)).content();
    var other = new Schema(
        List.of(
            new Feature.Numeric("b"),
            new Feature.Numeric("a"),
            new Feature.Categorical("c", List.of("x", "y"))),
        SCHEMA.target());

    assertThatThrownBy(() -> format.read(bytes, other))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("another schema");
  }

  @Test
  void read_laterFormatVersion_isRefusedByNumber() {
    byte[] bytes = FlatFormat.write(models().get(0)).content();
    bytes[4] = 2;
    seal(bytes);

    assertThatThrownBy(() -> format.read(bytes, SCHEMA))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("format version 2");
  }

  @Test
  void installed_findsTheFormat() {
    assertThat(ModelFormats.installed().get("flat")).isInstanceOf(FlatFormat.class);
  }

  @Test
  void predict_incompleteRow_namesWhatIsMissing() {
    var complete = new CompiledPredictor(
        SCHEMA,
        true,
        RowProgram.identity(3),
        true,
        new LinearKernel(
            3,
            new int[] {0, 1, 2},
            new double[2][3],
            new double[2],
            LinearKernel.Link.SOFTMAX,
            new int[] {0, 1}),
        Calibration.NONE);

    assertThatThrownBy(() -> complete.predict(new double[] {1, Double.NaN, 0}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("[b]");
    assertThatThrownBy(() -> complete.predict(new double[] {Double.POSITIVE_INFINITY, 1, 0}))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'a' must be finite");
  }
}
