package dev.mlops.abtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.mlops.abtest");

  @Test
  void module_exportsNoInternalPackage() throws IOException {
    ModuleDescriptor module = descriptor();

    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .contains("dev.mlops.abtest", "dev.mlops.abtest.stats", "dev.mlops.abtest.error")
        .noneMatch(name -> name.contains("internal"));
    assertThat(module.opens()).isEmpty();
  }

  @Test
  void module_requiresNothingOfOurs() throws IOException {
    assertThat(descriptor().requires())
        .extracting(ModuleDescriptor.Requires::name)
        .noneMatch(name -> name.startsWith("dev.mlops"));
  }

  @Test
  void classes_dependOnNoOtherModuleOfOurs() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.mlops.data..",
            "dev.mlops.error..",
            "dev.mlops.model..",
            "dev.mlops.registry..",
            "dev.mlops.serving..",
            "dev.mlops.drift..",
            "dev.mlops.azure..")
        .check(CLASSES);
  }

  @Test
  void jackson_isUsedInInternalPackagesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.mlops.abtest.internal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml..")
        .check(CLASSES);
  }

  @Test
  void statistics_doNotKnowExperiments() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.mlops.abtest.stats..", "dev.mlops.abtest.internal.math..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.mlops.abtest", "dev.mlops.abtest.internal.analysis..")
        .check(CLASSES);
  }

  private static ModuleDescriptor descriptor() throws IOException {
    String location = Assigner.class.getProtectionDomain().getCodeSource().getLocation() + "";
    try (InputStream in = new java.net.URL(location + "module-info.class").openStream()) {
      return ModuleDescriptor.read(in);
    }
  }
}
