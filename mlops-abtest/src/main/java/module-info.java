import org.jspecify.annotations.NullMarked;

/** Assigns units to variants and analyses the outcome. */
@NullMarked
module dev.mlops.abtest {
  requires com.fasterxml.jackson.databind;
  requires transitive org.jspecify;
  requires org.slf4j;
}
