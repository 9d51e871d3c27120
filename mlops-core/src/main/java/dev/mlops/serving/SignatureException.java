package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.error.InvalidInputException;

/** A row was refused because it does not follow the signature. The model was not asked. */
public final class SignatureException extends InvalidInputException {
  private static final long serialVersionUID = 1L;

  private final SignatureProblem problem;
  private final String feature;

  SignatureException(SignatureProblem problem, String feature, String message) {
    super(message);
    this.problem = requireNonNull(problem, "problem");
    this.feature = requireNonNull(feature, "feature");
  }

  /**
   * Returns what is wrong.
   *
   * @return the kind of problem
   */
  public SignatureProblem problem() {
    return problem;
  }

  /**
   * Returns where it is wrong.
   *
   * @return the feature's name; for {@link SignatureProblem#EXTRA} the name as the caller wrote it,
   *     which is not fit for a log
   */
  public String feature() {
    return feature;
  }
}
