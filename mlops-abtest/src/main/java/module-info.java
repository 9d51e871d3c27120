import org.jspecify.annotations.NullMarked;

/** Assigns units to variants and analyses the outcome. */
@NullMarked
module dev.mlops.abtest {
  requires com.fasterxml.jackson.databind;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports dev.mlops.abtest;
  exports dev.mlops.abtest.error;
  exports dev.mlops.abtest.stats;
}
