package dev.mlops.examples.quickstart;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The modules know nothing of each other, and hosts use only what they export. */
@AnalyzeClasses(packages = "dev.mlops", importOptions = ImportOption.DoNotIncludeTests.class)
class ModulesTest {
  private static final String DRIFT = "dev.mlops.drift..";
  private static final String ABTEST = "dev.mlops.abtest..";
  private static final String EXAMPLES = "dev.mlops.examples..";

  @ArchTest
  static final ArchRule driftStandsAlone = classes()
      .that()
      .resideInAPackage(DRIFT)
      .should()
      .onlyDependOnClassesThat(
          resideInAnyPackage(DRIFT).or(not(resideInAnyPackage("dev.mlops.."))));

  @ArchTest
  static final ArchRule abtestStandsAlone = classes()
      .that()
      .resideInAPackage(ABTEST)
      .should()
      .onlyDependOnClassesThat(
          resideInAnyPackage(ABTEST).or(not(resideInAnyPackage("dev.mlops.."))));

  @ArchTest
  static final ArchRule coreStandsAlone = noClasses()
      .that(not(resideInAnyPackage(DRIFT, ABTEST, EXAMPLES)))
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(DRIFT, ABTEST, EXAMPLES);

  @ArchTest
  static final ArchRule hostsUseNoInternals = noClasses()
      .that()
      .resideInAPackage(EXAMPLES)
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("dev.mlops..internal..");
}
