package dev.mlops.benchmarks.serving;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelRef;
import dev.mlops.model.internal.Calibration;
import dev.mlops.model.internal.CompiledPredictor;
import dev.mlops.model.internal.FlatFormat;
import dev.mlops.model.internal.LinearKernel;
import dev.mlops.model.internal.RowProgram;
import dev.mlops.serving.LiveModel;
import dev.mlops.serving.ModelSource;
import dev.mlops.serving.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Two threads predict without a pause, first in quiet, then while the model is swapped ten thousand
 * times. Every answer must be that of the version it names. Prints the 99.9th percentile of the
 * phase that the argument names, and the heap in use after it.
 */
public final class SwapStress {
  private static final int SWAPS = 10_000;
  private static final int BUCKETS = 64 * 16;
  private static final Schema SCHEMA =
      new Schema(List.of(new Feature.Numeric("x")), new Target.Quantity("y"));

  private SwapStress() {}

  /**
   * Runs.
   *
   * @param args {@code quiet} or {@code swaps}
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    var source = new Versions();
    LiveModel model =
        LiveModel.builder(source, ModelRef.parse("m@champion")).warmUp(10).build();
    phase(source, model, true); // warms up everything, swapping included
    long before = heap();
    long[] histogram = phase(source, model, args[0].equals("swaps"));
    long after = heap();
    System.out.println("ns " + percentile(histogram, 0.999));
    System.out.println("bytes " + (after - before));
    System.err.println(args[0] + ": p50 " + percentile(histogram, 0.5) + " ns, p99.9 "
        + percentile(histogram, 0.999) + " ns, heap " + before + " to " + after + ", version "
        + model.current().version() + ", " + model.health().degraded());
  }

  private static long[] phase(Versions source, LiveModel model, boolean swapping)
      throws InterruptedException {
    var done = new AtomicBoolean();
    List<Reader> readers = List.of(new Reader(model, done), new Reader(model, done));
    List<Thread> threads = new ArrayList<>();
    for (Reader reader : readers) {
      Thread thread = new Thread(reader);
      thread.start();
      threads.add(thread);
    }
    for (int i = 0; i < SWAPS; i++) {
      if (swapping) {
        source.number++;
        if (!model.refresh()) {
          throw new IllegalStateException(model.health().toString());
        }
      } else {
        source.file(source.number); // the same work beside the readers, but no swap
      }
    }
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    long[] sum = new long[BUCKETS];
    for (Reader reader : readers) {
      if (!reader.error.isEmpty()) {
        throw new IllegalStateException(reader.error);
      }
      for (int i = 0; i < BUCKETS; i++) {
        sum[i] += reader.histogram[i];
      }
    }
    return sum;
  }

  private static long heap() {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Sixteen buckets for each doubling: at most 6 % too high. */
  private static int bucket(long nanos) {
    if (nanos < 16) {
      return (int) Math.max(0, nanos);
    }
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    return (exponent - 3) * 16 + (int) (nanos >>> (exponent - 4) & 15);
  }

  private static long percentile(long[] histogram, double share) {
    long total = 0;
    for (long count : histogram) {
      total += count;
    }
    long left = (long) Math.ceil(total * share);
    for (int i = 0; i < BUCKETS; i++) {
      left -= histogram[i];
      if (left <= 0) {
        return i < 16 ? i : (16L + i % 16 + 1) << (i / 16 - 1);
      }
    }
    return Long.MAX_VALUE;
  }

  /** Predicts and checks; a version's answer is its number. */
  private static final class Reader implements Runnable {
    private final LiveModel model;
    private final AtomicBoolean done;
    private final long[] histogram = new long[BUCKETS];
    private volatile String error = "";

    Reader(LiveModel model, AtomicBoolean done) {
      this.model = model;
      this.done = done;
    }

    @Override
    public void run() {
      double[] row = {0};
      double[] scores = new double[1];
      while (!done.get() && error.isEmpty()) {
        long start = System.nanoTime();
        ServedModel served = model.predict(row, scores);
        histogram[bucket(System.nanoTime() - start)]++;
        if (scores[0] != served.version()) {
          error = served + " answered " + scores[0];
        }
      }
    }
  }

  /** Versions whose answer is their number. */
  private static final class Versions implements ModelSource {
    private volatile int number = 1;

    @Override
    public Version resolve(ModelRef ref) {
      return new Version(
          "m",
          number,
          SCHEMA,
          Map.of(FlatFormat.FILE_NAME, FlatFormat.NAME, GoldenRows.FILE_NAME, GoldenRows.FORMAT));
    }

    @Override
    public byte[] read(Version version, String file) {
      CompiledPredictor predictor = predictor(version.number());
      return file.equals(FlatFormat.FILE_NAME)
          ? FlatFormat.write(predictor).content()
          : GoldenRows.record(predictor, new double[][] {{0}}).toFile().content();
    }

    ModelFile file(int version) {
      return FlatFormat.write(predictor(version));
    }

    private static CompiledPredictor predictor(int version) {
      var kernel = new LinearKernel(
          1,
          new int[] {0},
          new double[][] {{1}},
          new double[] {version},
          LinearKernel.Link.IDENTITY,
          new int[] {0});
      return new CompiledPredictor(
          SCHEMA, false, RowProgram.identity(1), true, kernel, Calibration.NONE);
    }
  }
}
