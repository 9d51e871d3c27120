package dev.mlops.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.model.internal.EnsembleKernel.Combination;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleKernelTest {

  @Test
  void tolerance_isThatOfTheMemberThatIsFurthestOff() {
    Kernel exact = boosted("reg:squarederror");
    Kernel near = boosted("count:poisson");
    assertThat(exact.tolerance()).isZero();
    assertThat(near.tolerance()).isPositive();

    assertThat(mean(exact, near).tolerance()).isEqualTo(near.tolerance());
    assertThat(mean(exact, exact).tolerance()).isZero();
  }

  private static Kernel mean(Kernel first, Kernel second) {
    return new EnsembleKernel(
        List.of(first, second), new double[] {1, 1}, Combination.MEAN, new int[] {0});
  }

  private static Kernel boosted(String objective) {
    var leaf = new BoostedModel.Tree(
        new int[] {-1}, new int[] {-1}, new int[1], new float[] {1}, new boolean[1]);
    return new BoostedModel(objective, 1, 0, 1, List.of(leaf), new int[1])
        .compile(1, new int[1], new int[1]);
  }
}
