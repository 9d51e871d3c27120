package dev.mlops.drift;

import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** All reference values once more where a comma is the decimal point. */
class GermanLocaleTest {
  private static final Locale BEFORE = Locale.getDefault();

  @BeforeAll
  static void toGerman() {
    Locale.setDefault(Locale.GERMANY);
  }

  @AfterAll
  static void back() {
    Locale.setDefault(BEFORE);
  }

  @Nested
  class Ks extends KolmogorovSmirnovTest {}

  @Nested
  class RealData extends RealDataTest {}

  @Nested
  class Tests extends DriftTestsTest {}

  @Nested
  class Detectors extends ChangeDetectorsTest {}

  @Nested
  class Estimates extends PerformanceEstimatorTest {}
}
