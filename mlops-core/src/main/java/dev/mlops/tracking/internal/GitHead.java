package dev.mlops.tracking.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the commit of a checkout from its files. */
public final class GitHead {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private GitHead() {}

  /** Finds the commit of the checkout that holds a directory. */
  public static Optional<String> find(Path directory) {
    try {
      for (@Nullable Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.isDirectory(git)) {
          return head(git, git);
        }
        if (Files.isRegularFile(git)) {
          Path linked =
              at.resolve(Files.readString(git).replaceFirst("gitdir:", "").strip());
          Path common = linked.resolve("commondir");
          return head(
              linked,
              Files.exists(common) ? linked.resolve(Files.readString(common).strip()) : linked);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<String> head(Path git, Path common) throws IOException {
    String head = Files.readString(git.resolve("HEAD")).strip();
    if (!head.startsWith("ref: ")) {
      return commit(head);
    }
    String ref = head.substring("ref: ".length());
    Path loose = common.resolve(ref);
    if (Files.exists(loose)) {
      return commit(Files.readString(loose).strip());
    }
    Path packed = common.resolve("packed-refs");
    if (!Files.exists(packed)) {
      return Optional.empty();
    }
    return Files.readAllLines(packed).stream()
        .filter(line -> line.endsWith(" " + ref))
        .findFirst()
        .flatMap(line -> commit(line.substring(0, line.indexOf(' '))));
  }

  private static Optional<String> commit(String text) {
    return COMMIT.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}
