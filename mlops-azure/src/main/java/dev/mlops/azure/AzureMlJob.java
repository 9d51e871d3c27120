package dev.mlops.azure;

/** A job that {@link AzureMlJobs} can submit: a command, run once or swept. Immutable. */
public sealed interface AzureMlJob permits CommandJob, SweepJob {
  /**
   * The body of the request that submits the job, as the REST API 2024-10-01 has it.
   *
   * @return JSON
   */
  String toJson();
}
