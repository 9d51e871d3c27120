package dev.mlops.batch.internal;

import dev.mlops.batch.BatchResult;
import dev.mlops.data.internal.CsvScanner;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
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

  /** A chunk of very long rows ends early, so that memory stays bounded. */
  private static final int CHUNK_BYTES = 4 << 20;

  private final BatchSettings settings;
  private final Path input;
  private final Path output;
  private final Path rejects;
  private final Path outputPart;
  private final Path rejectPart;
  private final Path checkpointFile;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private long rows;
  private long rejected;
  private long rowsAtCheckpoint;

  /** A chunk that is being scored, and where the input stands behind it. */
  private record Pending(Future<ChunkScorer.Scored> scored, long inputBytes, long inputLine) {}

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
    try (CsvScanner scanner = CsvScanner.open(input, settings.delimiter())) {
      return run(scanner);
    } catch (IOException e) {
      throw new UnavailableException(
          "the batch from " + input + " to " + output + " could not go on: " + e.getMessage(), e);
    }
  }

  private BatchResult run(CsvScanner scanner) throws IOException {
    ChunkScorer scorer = new ChunkScorer(settings, scanner.header());
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
      if (resumedAt > 0) {
        scanner.seek(start.inputBytes(), start.inputLine());
      }
      score(scanner, scorer, executor, out, bad, identity, size);
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
    Checkpoint fresh = new Checkpoint(0, 0, 0, 0, 0, 0, identity);
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

  private void score(
      CsvScanner scanner,
      ChunkScorer scorer,
      ExecutorService executor,
      FileChannel out,
      FileChannel bad,
      String identity,
      long size)
      throws IOException {
    try {
      List<CsvScanner.Raw> chunk = chunk(scanner);
      while (!chunk.isEmpty()) {
        List<CsvScanner.Raw> records = chunk;
        pending.add(new Pending(
            executor.submit(() -> scorer.score(records)), scanner.offset(), scanner.line()));
        if (pending.size() >= settings.threads() * CHUNKS_PER_THREAD) {
          long done = pending.element().inputBytes();
          writeFirst(out, bad, identity);
          settings.listener().progress(rows, rejected, done, size);
        }
        chunk = chunk(scanner);
      }
    } catch (MlopsException e) {
      drain(out, bad, identity); // what came before the failure is not lost
      throw e;
    }
    drain(out, bad, identity);
  }

  private List<CsvScanner.Raw> chunk(CsvScanner scanner) {
    List<CsvScanner.Raw> chunk = new ArrayList<>(settings.chunkRows());
    int bytes = 0;
    CsvScanner.Raw raw = scanner.next();
    while (raw != null) {
      chunk.add(raw);
      bytes += raw.bytes().length;
      boolean full = chunk.size() >= settings.chunkRows() || bytes >= CHUNK_BYTES;
      raw = full ? null : scanner.next();
    }
    return chunk;
  }

  private void drain(FileChannel out, FileChannel bad, String identity) throws IOException {
    while (!pending.isEmpty()) {
      writeFirst(out, bad, identity);
    }
  }

  private void writeFirst(FileChannel out, FileChannel bad, String identity) throws IOException {
    Pending first = pending.remove();
    ChunkScorer.Scored scored = result(first.scored());
    write(out, scored.output());
    write(bad, scored.rejects());
    rows += scored.rows();
    rejected += scored.rejected();
    if (rows - rowsAtCheckpoint >= CHECKPOINT_ROWS) {
      out.force(false);
      bad.force(false);
      new Checkpoint(
              rows,
              rejected,
              first.inputBytes(),
              first.inputLine(),
              out.position(),
              bad.position(),
              identity)
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
