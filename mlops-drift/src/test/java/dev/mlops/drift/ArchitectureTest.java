package dev.mlops.drift;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(packages = "dev.mlops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule dependencies_ofThisModule_areOurselvesAndFewLibraries = classes()
      .that()
      .resideInAPackage("dev.mlops.drift..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
          "dev.mlops.drift..",
          "java..",
          "com.fasterxml.jackson..",
          "org.slf4j..",
          "org.jspecify..");

  @ArchTest
  static final ArchRule jackson_isUsedOnlyInternally = noClasses()
      .that()
      .resideInAPackage("dev.mlops.drift")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule clock_isNeverTheSystemsOwn = noClasses()
      .that()
      .resideInAPackage("dev.mlops.drift..")
      .should()
      .callMethod(System.class, "currentTimeMillis")
      .orShould()
      .callMethod(System.class, "nanoTime")
      .orShould()
      .callMethod(java.time.Instant.class, "now");

  @Test
  void module_exportsOnlyThePublicPackage() throws IOException {
    ModuleDescriptor module = descriptor();

    assertThat(module.name()).isEqualTo("dev.mlops.drift");
    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactly("dev.mlops.drift");
    assertThat(module.requires())
        .extracting(ModuleDescriptor.Requires::name)
        .noneMatch(name -> name.startsWith("dev.mlops"));
  }

  private static ModuleDescriptor descriptor() throws IOException {
    Path compiled = Path.of("target", "classes", "module-info.class");
    try (InputStream in = Files.newInputStream(compiled)) {
      return ModuleDescriptor.read(in);
    }
  }
}
