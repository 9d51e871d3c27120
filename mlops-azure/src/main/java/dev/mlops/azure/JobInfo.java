package dev.mlops.azure;

import java.util.Locale;
import java.util.Optional;

/**
 * What a workspace says about a job. Immutable.
 *
 * @param name the job
 * @param status how far it is
 * @param studio where people can look at it, if the service says
 */
public record JobInfo(String name, Status status, Optional<String> studio) {

  /** How far a job is. */
  public enum Status {
    /** Accepted. */
    NOT_STARTED,
    /** Being set up. */
    STARTING,
    /** Its machines are being created. */
    PROVISIONING,
    /** Its environment is being built. */
    PREPARING,
    /** Waiting for machines. */
    QUEUED,
    /** Running. */
    RUNNING,
    /** Done; outputs are being collected. */
    FINALIZING,
    /** Asked to stop. */
    CANCEL_REQUESTED,
    /** Ended well. */
    COMPLETED,
    /** Ended badly. */
    FAILED,
    /** Stopped on request. */
    CANCELED,
    /** Its machines do not answer. */
    NOT_RESPONDING,
    /** Paused. */
    PAUSED,
    /** A state this version does not know. */
    UNKNOWN;

    /**
     * Whether the job goes no further by itself; as Microsoft's own Python client has it, a job
     * whose machines do not answer and a paused one do not.
     *
     * @return true for completed, failed, canceled, not responding and paused
     */
    public boolean isFinal() {
      return switch (this) {
        case COMPLETED, FAILED, CANCELED, NOT_RESPONDING, PAUSED -> true;
        default -> false;
      };
    }

    static Status of(String wireName) {
      String constant = wireName.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
      for (Status status : values()) {
        if (status.name().equals(constant)) {
          return status;
        }
      }
      return UNKNOWN;
    }
  }
}
