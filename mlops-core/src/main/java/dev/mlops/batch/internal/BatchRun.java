package dev.mlops.batch.internal;

import dev.mlops.batch.BatchResult;
import dev.mlops.data.internal.CsvSource;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One run of a batch: the calling thread reads and writes, the others score. */
public final class BatchRun {
  /** At most this many rows are done twice after an interruption. */
  private static final int CHECKPOINT_ROWS = 100_000;

  private static final int CHUNKS_PER_THREAD = 3;

  private final BatchSettings settings;
  private final Path input;
  private final Path output;
  private final Path rejects;
  private final Path outputPart;
  private final Path rejectPart;
  private final Path checkpointFile;
  private final Deque<Future<ChunkScorer.Scored>> pending = new ArrayDeque<>();
  private long rows;
  private long rejected;
  private long rowsAtCheckpoint;

  public BatchRun(BatchSettings settings, Path input, Path output, Path rejects) {
    this.settings = settings;
    this.input = input;
    this.output = output;
    this.rejects = rejects;
    if (output.equals(rejects) || output.equals(input) || rejects.equals(input)) {
      throw new InvalidInputException(
          "input, output and rejects must be three files, got %s, %s and %s"
              .formatted(input, output, rejects));
    }
    outputPart = sibling(output, ".part");
    rejectPart = sibling(rejects, ".part");
    checkpointFile = sibling(output, ".checkpoint");
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  public BatchResult run() {
    try (CsvSource source = CsvSource.open(input, settings.delimiter())) {
      return run(source);
    } catch (IOException e) {
      throw new UnavailableException(
          "the batch from " + input + " to " + output + " could not go on: " + e.getMessage(), e);
    }
  }

  private BatchResult run(CsvSource source) throws IOException {
    ChunkScorer scorer = new ChunkScorer(settings, source);
    long size = Files.size(input);
    String identity =
        size + "/" + Files.getLastModifiedTime(input).toMillis() + "/" + settings.fingerprint();
    Checkpoint start = start(identity);
    long resumedAt = start.rows();
    ExecutorService executor = Executors.newFixedThreadPool(settings.threads(), BatchRun::daemon);
    try (FileChannel out = open(outputPart, start.outputBytes());
        FileChannel bad = open(rejectPart, start.rejectBytes())) {
      if (resumedAt == 0) {
        write(out, scorer.outputHeader());
        write(bad, ChunkScorer.rejectHeader());
      }
      rows = resumedAt;
      rejected = start.rejected();
      rowsAtCheckpoint = rows;
      skip(source, resumedAt);
      score(source, scorer, executor, out, bad, identity, size);
      out.force(true);
      bad.force(true);
    } finally {
      executor.shutdownNow();
    }
    Files.move(rejectPart, rejects, StandardCopyOption.REPLACE_EXISTING);
    Files.move(outputPart, output, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(checkpointFile);
    settings.listener().progress(rows, rejected, size, size);
    return new BatchResult(rows, rejected, resumedAt);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mlops-batch");
    thread.setDaemon(true);
    return thread;
  }

  private Checkpoint start(String identity) throws IOException {
    Checkpoint fresh = new Checkpoint(0, 0, 0, 0, identity);
    Checkpoint found = Checkpoint.read(checkpointFile, identity).orElse(fresh);
    boolean usable = found.rows() > 0
        && Files.exists(outputPart)
        && Files.exists(rejectPart)
        && Files.size(outputPart) >= found.outputBytes()
        && Files.size(rejectPart) >= found.rejectBytes();
    return usable ? found : fresh;
  }

  private static FileChannel open(Path file, long keep) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(keep);
      channel.position(keep);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void skip(CsvSource source, long count) {
    for (long i = 0; i < count; i++) {
      if (!source.hasNext()) {
        throw new NotFoundException(
            source.file() + ": ends after " + i + " rows, an earlier run had done " + count);
      }
      source.next();
    }
  }

  private void score(
      CsvSource source,
      ChunkScorer scorer,
      ExecutorService executor,
      FileChannel out,
      FileChannel bad,
      String identity,
      long size)
      throws IOException {
    double bytesPerRow = 0;
    try {
      while (source.hasNext()) {
        List<CsvSource.Row> chunk = new ArrayList<>(settings.chunkRows());
        while (chunk.size() < settings.chunkRows() && source.hasNext()) {
          chunk.add(source.next());
        }
        pending.add(executor.submit(() -> scorer.score(chunk)));
        if (pending.size() >= settings.threads() * CHUNKS_PER_THREAD) {
          writeFirst(out, bad, identity);
          bytesPerRow = bytesPerRow == 0 ? estimate(chunk) : bytesPerRow;
          settings
              .listener()
              .progress(rows, rejected, Math.min(size, (long) (rows * bytesPerRow)), size);
        }
      }
    } catch (MlopsException e) {
      drain(out, bad, identity); // what came before the broken line is not lost
      throw e;
    }
    drain(out, bad, identity);
  }

  private static double estimate(List<CsvSource.Row> chunk) {
    long chars = 0;
    for (CsvSource.Row row : chunk) {
      for (int j = 0; j < row.width(); j++) {
        chars += row.fields().getField(j).length() + 1;
      }
    }
    return (double) chars / chunk.size();
  }

  private void drain(FileChannel out, FileChannel bad, String identity) throws IOException {
    while (!pending.isEmpty()) {
      writeFirst(out, bad, identity);
    }
  }

  private void writeFirst(FileChannel out, FileChannel bad, String identity) throws IOException {
    ChunkScorer.Scored scored = result(pending.remove());
    write(out, scored.output());
    write(bad, scored.rejects());
    rows += scored.rows();
    rejected += scored.rejected();
    if (rows - rowsAtCheckpoint >= CHECKPOINT_ROWS) {
      out.force(false);
      bad.force(false);
      new Checkpoint(rows, rejected, out.position(), bad.position(), identity)
          .write(checkpointFile);
      rowsAtCheckpoint = rows;
    }
  }

  private static ChunkScorer.Scored result(Future<ChunkScorer.Scored> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the batch was interrupted; start it again to go on", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a chunk could not be scored", e);
    }
  }

  private static void write(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
