package dev.mlops.store.internal;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may read and write the files of a store: their owner, and the group if the root directory
 * says that the store is shared with it, by letting the group do more than others; others never. A
 * plain {@code rwxr-xr-x} says nothing. The umask may take away more. A root that a store creates
 * is its owner's alone.
 */
final class Permissions {
  private Permissions() {}

  /** Tells whether the file system of a path has permissions. */
  static boolean apply(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** What a directory lets its group do, if that is not what it lets everybody do. */
  static Set<PosixFilePermission> ofGroup(Path directory) throws IOException {
    Set<PosixFilePermission> all = Files.getPosixFilePermissions(directory);
    boolean special = all.contains(GROUP_READ) != all.contains(OTHERS_READ)
        || all.contains(GROUP_WRITE) != all.contains(OTHERS_WRITE);
    Set<PosixFilePermission> group = EnumSet.noneOf(PosixFilePermission.class);
    if (special) {
      group.addAll(EnumSet.of(GROUP_READ, GROUP_WRITE, GROUP_EXECUTE));
      group.retainAll(all);
    }
    return group;
  }

  /** The attributes of a new file. */
  static FileAttribute<?>[] file(boolean posix, Set<PosixFilePermission> group) {
    Set<PosixFilePermission> permissions = EnumSet.of(OWNER_READ, OWNER_WRITE);
    permissions.addAll(group);
    permissions.remove(GROUP_EXECUTE);
    return attributes(posix, permissions);
  }

  /** The attributes of a new directory. */
  static FileAttribute<?>[] directory(boolean posix, Set<PosixFilePermission> group) {
    Set<PosixFilePermission> permissions = EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
    permissions.addAll(group);
    return attributes(posix, permissions);
  }

  private static FileAttribute<?>[] attributes(
      boolean posix, Set<PosixFilePermission> permissions) {
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }
}
