import org.jspecify.annotations.NullMarked;

/** Compares live data with the data a model was trained on. */
@NullMarked
module dev.mlops.drift {
  requires com.fasterxml.jackson.databind;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports dev.mlops.drift;
}
