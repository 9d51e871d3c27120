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
     * Whether the job is over.
     *
     * @return true for completed, failed and canceled
     */
    public boolean isFinal() {
      return this == COMPLETED || this == FAILED || this == CANCELED;
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
