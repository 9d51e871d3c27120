package dev.mlops.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunComparisonTest {
  private final Experiments experiments = Experiments.inMemory();

  private RunRecord run(String name, int trees, double auc) {
    try (Run run = experiments.start("fraud", name)) {
      run.param("trees", trees).param("depth", 8).metric("roc_auc", auc);
      if (trees > 10) {
        run.metric("extra", 1);
      }
      run.finish();
      run.close();
      return experiments.get(run.id());
    }
  }

  @Test
  void runs_standSideBySide_andDifferencesAreNamed() {
    RunComparison comparison =
        RunComparison.of(List.of(run("small", 10, 0.9), run("large", 100, 0.95)));

    assertThat(comparison.toText().lines())
        .contains(
            "                small     large",
            "status          FINISHED  FINISHED",
            "param trees     10        100",
            "metric extra              1.0",
            "metric roc_auc  0.9       0.95");
    assertThat(comparison.differences())
        .containsExactly("param trees", "metric extra", "metric roc_auc");
    assertThat(comparison.toJson()).contains("\"formatVersion\" : 1", "\"roc_auc\" : 0.95");
  }

  @Test
  void html_escapesWhatUsersWrote() {
    RunComparison comparison = RunComparison.of(List.of(run("<script>", 1, Double.NaN)));

    assertThat(comparison.toHtml()).doesNotContain("<script").contains("&lt;script&gt;", "NaN");
    assertThatThrownBy(() -> RunComparison.of(List.of())).isInstanceOf(InvalidInputException.class);
  }
}
