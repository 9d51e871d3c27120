package dev.mlops.training.internal;

import dev.mlops.model.internal.CompiledPredictor;

/** What became of compiling a model. Immutable. */
public sealed interface Compilation {

  /**
   * It worked.
   *
   * @param predictor the compiled model
   */
  record Compiled(CompiledPredictor predictor) implements Compilation {}

  /**
   * This kind of model, or one of its settings, has no compiled form; the model still works as it
   * is.
   *
   * @param reason why, as a sentence for a log
   */
  record NotCompiled(String reason) implements Compilation {}
}
