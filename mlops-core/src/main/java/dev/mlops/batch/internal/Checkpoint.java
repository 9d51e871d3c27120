package dev.mlops.batch.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * How far a batch has come. It is replaced as a whole after both files were forced to disk, so what
 * it says is always true; what is behind it in the files is cut off when the batch goes on.
 */
record Checkpoint(
    long rows,
    long rejected,
    long inputBytes,
    long inputLine,
    long outputBytes,
    long rejectBytes,
    String identity) {
  private static final String MAGIC = "mlops-batch-checkpoint 2";

  void write(Path file) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    String text = String.join(
        "\n",
        MAGIC,
        Long.toString(rows),
        Long.toString(rejected),
        Long.toString(inputBytes),
        Long.toString(inputLine),
        Long.toString(outputBytes),
        Long.toString(rejectBytes),
        identity.replace("\n", " "),
        "end");
    try (FileChannel channel = FileChannel.open(
        next,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(java.nio.ByteBuffer.wrap(text.getBytes(UTF_8)));
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads a checkpoint of the same batch; anything else counts as none. */
  static Optional<Checkpoint> read(Path file, String identity) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readString(file, UTF_8).lines().toList();
    if (lines.size() != 9
        || !lines.get(0).equals(MAGIC)
        || !lines.get(7).equals(identity.replace("\n", " "))) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Checkpoint(
          Long.parseLong(lines.get(1)),
          Long.parseLong(lines.get(2)),
          Long.parseLong(lines.get(3)),
          Long.parseLong(lines.get(4)),
          Long.parseLong(lines.get(5)),
          Long.parseLong(lines.get(6)),
          identity));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
