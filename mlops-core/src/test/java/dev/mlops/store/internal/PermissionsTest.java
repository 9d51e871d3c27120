package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.store.ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {
  @TempDir
  Path temporary;

  @Test
  void storeThatMakesItsDirectory_isItsOwnersAlone() throws Exception {
    Path root = temporary.resolve("new").resolve("store");
    fill(root);

    assertThat(permissions(root)).isEqualTo("rwx------");
    assertAllBelow(root, "rw-------", "rwx------");
  }

  @ParameterizedTest
  @CsvSource({
    "rwxr-xr-x, rw-------, rwx------",
    "rwxrwxrwx, rw-------, rwx------",
    "rwxrwxr-x, rw-rw----, rwxrwx---",
    "rwxrwx---, rw-rw----, rwxrwx---",
    "rwxr-x---, rw-r-----, rwxr-x---",
    "rwx------, rw-------, rwx------",
    "rwx---rwx, rw-------, rwx------"
  })
  void storeInADirectoryThatIsThere_letsInTheGroupIfTheDirectoryIsSharedWithIt(
      String given, String files, String directories) throws Exception {
    Path root = Files.createDirectory(temporary.resolve("given"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(given));
    fill(root);

    assertThat(permissions(root)).isEqualTo(given);
    Set<PosixFilePermission> group = Permissions.ofGroup(root);
    assertThat(Permissions.file(true, group)[0].value())
        .isEqualTo(PosixFilePermissions.fromString(files));
    assertThat(Permissions.directory(true, group)[0].value())
        .isEqualTo(PosixFilePermissions.fromString(directories));
    assertAllBelow(root, files, directories);
  }

  private static void fill(Path root) {
    for (ObjectStore store :
        new ObjectStore[] {ObjectStore.directory(root), DirectoryStores.withoutHardLinks(root)}) {
      store.putIfAbsent("a/b/" + store.list("").size(), new byte[] {1});
      store.putIfAbsent("log/" + Numbered.name(store.list("").size()), new byte[] {1});
    }
  }

  private static void assertAllBelow(Path root, String files, String directories) throws Exception {
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(path -> !path.equals(root)))
          .hasSizeGreaterThan(7)
          .allSatisfy(path -> assertThat(Files.getPosixFilePermissions(path))
              .as("%s, from which the umask may take away", path)
              .isSubsetOf(
                  PosixFilePermissions.fromString(Files.isDirectory(path) ? directories : files)));
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
