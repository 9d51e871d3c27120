package dev.mlops.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelRef;
import dev.mlops.model.internal.Calibration;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.model.internal.LinearKernel;
import dev.mlops.model.internal.RowProgram;
import dev.mlops.registry.Gate;
import dev.mlops.registry.ModelRegistry;
import dev.mlops.registry.ModelVersion;
import dev.mlops.registry.VersionDraft;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real chain: a compiled model, registered, promoted, served, replaced. */
class LiveModelWithRegistryTest {
  private static final Schema SCHEMA =
      new Schema(List.of(new Feature.Numeric("x")), new Target.Classes("y", List.of("no", "yes")));
  private static final ModelRef CHAMPION = ModelRef.parse("m@champion");

  private final ModelRegistry registry = ModelRegistry.inMemory();

  @Test
  void open_followsTheAlias() {
    promote(register(1));
    LiveModel model = LiveModel.open(registry, CHAMPION);
    assertThat(model.predict(new double[] {2}).score("yes")).isEqualTo(1 / (1 + Math.exp(-2.0)));
    assertThat(model.health().description()).startsWith("compiled linear");

    promote(register(-1));

    assertThat(model.refresh()).isTrue();
    assertThat(model.predict(new double[] {2}).score("yes")).isLessThan(0.2);
    assertThat(model.current().version()).isEqualTo(2);
  }

  @Test
  void open_compiledFormOffByMoreThanItsArithmetic_isNotTrusted() {
    promote(register(1, 1e-7));

    assertThatThrownBy(() -> LiveModel.open(registry, CHAMPION))
        .isInstanceOf(CorruptException.class)
        .hasMessageContaining("golden row 0");
    assertThat(
            LiveModel.builder(registry, CHAMPION).goldenTolerance(1e-6).build().current())
        .as("unless its owner says so")
        .returns(1, ServedModel::version);
  }

  @Test
  void open_unknownModel_failsFast() {
    assertThatThrownBy(() -> LiveModel.open(registry, CHAMPION))
        .isInstanceOf(NotFoundException.class);
  }

  private ModelVersion register(double slope) {
    return register(slope, 0);
  }

  private ModelVersion register(double slope, double change) {
    return registry.register(
        "m",
        VersionDraft.builder()
            .schema(SCHEMA)
            .file(FlatFormat.write(model(slope)))
            .file(GoldenRows.record(model(slope + change), new double[][] {{1}, {0}, {-3}})
                .toFile())
            .build());
  }

  private static CompiledPredictor model(double slope) {
    var kernel = new LinearKernel(
        1,
        new int[] {0},
        new double[][] {{0}, {slope}},
        new double[2],
        LinearKernel.Link.SOFTMAX,
        new int[] {0, 1});
    return new CompiledPredictor(
        SCHEMA, true, RowProgram.identity(1), true, kernel, Calibration.NONE);
  }

  private void promote(ModelVersion version) {
    registry.promote(version, "champion", Gate.open());
  }
}
