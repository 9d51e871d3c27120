import org.jspecify.annotations.NullMarked;

/** Training, tracking, registry, gates and in-process serving of models. */
@NullMarked
module dev.mlops.core {
  requires com.fasterxml.jackson.databind;
  requires transitive org.jspecify;
  requires org.slf4j;

  exports dev.mlops.data;
  exports dev.mlops.error;
  exports dev.mlops.model;
  exports dev.mlops.registry;
  exports dev.mlops.registry.card;
  exports dev.mlops.registry.compare;
  exports dev.mlops.secret;
  exports dev.mlops.serving;
  exports dev.mlops.store;
  exports dev.mlops.testing;
  exports dev.mlops.tracking;
}
