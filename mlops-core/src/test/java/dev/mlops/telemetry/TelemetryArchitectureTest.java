package dev.mlops.telemetry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class TelemetryArchitectureTest {
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("dev.mlops.telemetry");

  @Test
  void telemetry_pointsOnlyAtServingModelDataAndError() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.mlops.telemetry..",
            "dev.mlops.serving",
            "dev.mlops.model",
            "dev.mlops.data",
            "dev.mlops.error",
            "java..",
            "javax.crypto..",
            "io.opentelemetry..",
            "com.fasterxml.jackson.databind..",
            "org.slf4j",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void openTelemetry_isTheApiOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.opentelemetry.sdk..", "io.opentelemetry.exporter..")
        .check(CLASSES);
  }

  @Test
  void json_isWrittenInternally() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..internal")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(CLASSES);
  }

  @Test
  void alertsAndScaling_doNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.mlops.telemetry")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.mlops.telemetry.alert..", "dev.mlops.telemetry.scaling..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.mlops.telemetry.scaling")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.mlops.telemetry.alert..")
        .check(CLASSES);
  }
}
