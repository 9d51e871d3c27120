package dev.mlops.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The arrows of the design, checked on the compiled classes. */
@AnalyzeClasses(packages = "dev.mlops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** What each concept may see of the others; everything not named here is forbidden. */
  private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
      Map.entry("error", Set.of()),
      Map.entry("secret", Set.of("error")),
      Map.entry("store", Set.of("error")),
      Map.entry("data", Set.of("error")),
      Map.entry("model", Set.of("error", "data")),
      Map.entry("evaluation", Set.of("error", "data", "model")),
      Map.entry("training", Set.of("error", "data", "model", "evaluation")),
      Map.entry("tracking", Set.of("error", "store", "data", "model")),
      Map.entry(
          "registry",
          Set.of("error", "store", "data", "model", "evaluation", "tracking", "secret")),
      Map.entry(
          "mlflow", Set.of("error", "store", "secret", "data", "model", "tracking", "registry")),
      Map.entry("serving", Set.of("error", "data", "model", "registry")),
      Map.entry(
          "reproduction", Set.of("error", "data", "model", "training", "tracking", "registry")),
      Map.entry("telemetry", Set.of("error", "data", "model", "serving")));

  @ArchTest
  static final ArchRule productionDoesNotUseTesting = noClasses()
      .that(not(resideInAPackage("..testing..")))
      .should()
      .dependOnClassesThat()
      .resideInAPackage("..testing..");

  @ArchTest
  static final ArchRule onlyTheTribuoPackageNamesTribuo = noClasses()
      .that(not(resideInAPackage("dev.mlops.training.tribuo..")))
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("org.tribuo..", "com.oracle.labs..", "ml.dmlc..");

  @ArchTest
  static final ArchRule jacksonStaysInside = noClasses()
      .that(not(resideInAPackage("..internal..")))
      .should()
      .dependOnClassesThat()
      .resideInAPackage("com.fasterxml..");

  @ArchTest
  static final ArchRule conceptsDoNotCycle =
      slices().matching("dev.mlops.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noStandardStreams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  @ArchTest
  static void arrowsPointOneWay(JavaClasses classes) {
    ARROWS.forEach((concept, allowed) -> {
      String[] forbidden = ARROWS.keySet().stream()
          .filter(other -> !other.equals(concept) && !allowed.contains(other))
          .map(other -> "dev.mlops." + other + "..")
          .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage("dev.mlops." + concept + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden)
          .allowEmptyShould(true)
          .check(classes);
    });
  }

  @Test
  void moduleDescriptor_exportsNothingInternal() throws IOException {
    Path compiled = Path.of("target", "classes", "module-info.class");
    try (InputStream descriptor = Files.newInputStream(compiled)) {
      List<String> exported = ModuleDescriptor.read(descriptor).exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .toList();

      assertThat(exported)
          .isNotEmpty()
          .noneMatch(name -> name.contains(".internal") || name.endsWith(".compile"));
    }
  }
}
