package dev.mlops.abtest;

import dev.mlops.abtest.internal.json.FileAssignmentStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers which variant a unit got, so that changed weights do not move it. Hashing needs no
 * store; use one only where a unit must never change. Implementations are safe for use by several
 * threads.
 */
public interface AssignmentStore {
  /**
   * Looks a unit up.
   *
   * @param salt the experiment's salt: a new salt forgets
   * @param unitId the unit
   * @return the variant it got, if any
   */
  Optional<String> find(String salt, String unitId);

  /**
   * Remembers a unit unless it is remembered already.
   *
   * @param salt the experiment's salt
   * @param unitId the unit
   * @param variant the variant it gets now
   * @return the variant that is remembered: the earlier one, if there was one
   */
  String putIfAbsent(String salt, String unitId, String variant);

  /**
   * A store in memory.
   *
   * @return an empty store
   */
  static AssignmentStore inMemory() {
    Map<String, String> variants = new ConcurrentHashMap<>();
    return new AssignmentStore() {
      @Override
      public Optional<String> find(String salt, String unitId) {
        return Optional.ofNullable(variants.get(salt + '\0' + unitId));
      }

      @Override
      public String putIfAbsent(String salt, String unitId, String variant) {
        String earlier = variants.putIfAbsent(salt + '\0' + unitId, variant);
        return earlier == null ? variant : earlier;
      }
    };
  }

  /**
   * A store in one append-only file, for one process at a time. An entry is on disk before
   * {@link #putIfAbsent} returns; a line torn by a crash is ignored.
   *
   * @param file created if absent
   * @return the store
   * @throws dev.mlops.abtest.error.AbTestException.Unavailable if the file cannot be used
   */
  static AssignmentStore inFile(Path file) {
    return FileAssignmentStore.open(file);
  }
}
