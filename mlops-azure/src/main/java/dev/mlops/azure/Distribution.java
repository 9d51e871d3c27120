package dev.mlops.azure;

import dev.mlops.error.InvalidInputException;

/** How the processes of a job on several machines find one another. Immutable. */
public sealed interface Distribution {

  /**
   * MPI.
   *
   * @param processesPerInstance how many processes each machine runs, from 1
   */
  record Mpi(int processesPerInstance) implements Distribution {
    /** Checks the number. */
    public Mpi {
      atLeastOne("processesPerInstance", processesPerInstance);
    }
  }

  /**
   * PyTorch's launcher.
   *
   * @param processesPerInstance how many processes each machine runs, from 1
   */
  record PyTorch(int processesPerInstance) implements Distribution {
    /** Checks the number. */
    public PyTorch {
      atLeastOne("processesPerInstance", processesPerInstance);
    }
  }

  /**
   * TensorFlow's cluster.
   *
   * @param workers how many workers, from 1
   * @param parameterServers how many parameter servers, from 0
   */
  record TensorFlow(int workers, int parameterServers) implements Distribution {
    /** Checks the numbers. */
    public TensorFlow {
      atLeastOne("workers", workers);
      if (parameterServers < 0) {
        throw new InvalidInputException("parameterServers must be >= 0, got " + parameterServers);
      }
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new InvalidInputException(name + " must be >= 1, got " + value);
    }
  }
}
