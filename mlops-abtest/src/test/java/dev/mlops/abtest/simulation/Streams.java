package dev.mlops.abtest.simulation;

import java.util.Random;

/** Distributions of the simulations, and running moments over them. */
final class Streams {
  private Streams() {}

  enum Data {
    NORMAL {
      @Override
      double draw(Random random) {
        return random.nextGaussian();
      }
    },
    BERNOULLI_5 {
      @Override
      double draw(Random random) {
        return random.nextDouble() < 0.05 ? 1 : 0;
      }
    },
    BERNOULLI_1 {
      @Override
      double draw(Random random) {
        return random.nextDouble() < 0.01 ? 1 : 0;
      }
    },
    LOGNORMAL_2 {
      @Override
      double draw(Random random) {
        return Math.exp(2 * random.nextGaussian());
      }
    },
    EXPONENTIAL {
      @Override
      double draw(Random random) {
        return -Math.log(1 - random.nextDouble());
      }
    };

    abstract double draw(Random random);

    boolean bernoulli() {
      return this == BERNOULLI_1 || this == BERNOULLI_5;
    }
  }

  /** Welford's running moments. */
  static final class Moments {
    long n;
    double mean;
    double squares;

    void add(double v) {
      n++;
      double d = v - mean;
      mean += d / n;
      squares += d * (v - mean);
    }

    double varianceOfMean() {
      return squares / (n - 1) / n;
    }
  }
}
