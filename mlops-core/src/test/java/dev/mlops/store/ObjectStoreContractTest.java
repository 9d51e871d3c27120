package dev.mlops.store;

import dev.mlops.store.internal.DirectoryStores;
import dev.mlops.testing.FailureInjectingStore;
import dev.mlops.testing.ObjectStoreContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ObjectStoreContractTest {
  @TempDir
  Path temporary;

  @TestFactory
  Stream<DynamicTest> memory() {
    return contract(ObjectStore::inMemory);
  }

  @TestFactory
  Stream<DynamicTest> directory() {
    return contract(() -> ObjectStore.directory(fresh()));
  }

  @TestFactory
  Stream<DynamicTest> directoryWithoutHardLinks() {
    return contract(() -> DirectoryStores.withoutHardLinks(fresh()));
  }

  @TestFactory
  Stream<DynamicTest> directoryWithoutJournals() {
    return contract(() -> DirectoryStores.withoutDependableLocks(fresh()));
  }

  @TestFactory
  Stream<DynamicTest> failureInjectingStoreThatInjectsNothing() {
    return contract(
        () -> FailureInjectingStore.builder(ObjectStore.inMemory(), new SplittableRandom(1))
            .build());
  }

  private Path fresh() {
    try {
      return Files.createTempDirectory(temporary, "store");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<DynamicTest> contract(Supplier<ObjectStore> stores) {
    return ObjectStoreContract.checks(stores).stream()
        .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
  }
}
