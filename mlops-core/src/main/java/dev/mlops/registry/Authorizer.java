package dev.mlops.registry;

import dev.mlops.error.ForbiddenException;

/**
 * Decides what actors may do in a registry. It is asked before anything is changed or returned, for
 * every call, with the actor of {@link ModelRegistry#by}. Who the actor really is, is the host's to
 * establish first. Implementations must be safe for use by several threads; what they throw reaches
 * the caller, and nothing is done.
 *
 * <p>It guards this object, not the store: whoever can open the directory or the container can read
 * and write it, so give those rights to the service alone.
 */
@FunctionalInterface
public interface Authorizer {
  /** What stands for the model where an action concerns the whole registry. */
  String ALL_MODELS = "*";

  /** What somebody wants to do with a model. */
  enum Action {
    /** See versions, aliases, history and files; also to export and to verify. */
    READ,
    /** Register a version. */
    REGISTER,
    /** Set or remove a tag. */
    TAG,
    /** Put a version away or bring it back. */
    ARCHIVE,
    /** Move an alias through a gate. */
    PROMOTE,
    /** Move an alias back. */
    ROLL_BACK,
    /** Remove an alias. */
    REMOVE_ALIAS,
    /** Set who must approve that an alias moves. */
    PROTECT,
    /** Agree that a version gets an alias. */
    APPROVE,
    /** Add a model with its history from a file. */
    IMPORT,
    /** Remove contents without a user; asked for {@link #ALL_MODELS}. */
    COLLECT_GARBAGE
  }

  /**
   * Decides.
   *
   * @param actor who asks
   * @param action what for
   * @param model the model's name, which need not exist, or {@link #ALL_MODELS}
   * @return whether it may be done
   */
  boolean allows(String actor, Action action, String model);

  /**
   * Allows everything to everybody; what a registry does unless told otherwise.
   *
   * @return an authorizer that never refuses
   */
  static Authorizer allowAll() {
    return (actor, action, model) -> true;
  }

  /**
   * Asks and insists.
   *
   * @param actor who asks
   * @param action what for
   * @param model the model's name or {@link #ALL_MODELS}
   * @throws ForbiddenException if it may not be done
   */
  default void require(String actor, Action action, String model) {
    if (!allows(actor, action, model)) {
      throw new ForbiddenException("actor '" + actor + "' may not " + action + " "
          + (model.equals(ALL_MODELS) ? "the whole registry" : "model '" + model + "'"));
    }
  }
}
