import org.jspecify.annotations.NullMarked;

/** Azure services behind the ports of the other modules. */
@NullMarked
module dev.mlops.azure {
  requires transitive dev.mlops.core;
  requires transitive dev.mlops.abtest;
  requires transitive org.jspecify;
}
