package dev.mlops.testing;

import dev.mlops.error.InvalidInputException;
import dev.mlops.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What every {@link ObjectStore} must do. In JUnit:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> contract() {
 *   return ObjectStoreContract.checks(ObjectStore::inMemory).stream()
 *       .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
 * }
 * }</pre>
 */
public final class ObjectStoreContract {
  private static final int THREADS = 8;
  private static final int ROUNDS = 20;

  private ObjectStoreContract() {}

  /**
   * Lists the rules.
   *
   * @param stores gives a new, empty store for each rule; it is closed after the rule
   * @return one check per rule
   */
  public static List<Check> checks(Supplier<ObjectStore> stores) {
    return List.of(
        check("get of an unknown key is empty", stores, store -> {
          require(store.get("a/b").isEmpty(), "expected empty");
          require(store.get("a/b", 1).isEmpty(), "expected empty with a limit");
        }),
        check("what was put is read back, of any size and with any byte", stores, store -> {
          for (int size : new int[] {0, 1, 255, 4096, 1_000_003}) {
            byte[] content = bytes(size);
            require(store.putIfAbsent("size/" + size, content), "first put of " + size);
            requireContent(store.get("size/" + size), content);
          }
        }),
        check("a second put is refused and changes nothing", stores, store -> {
          require(store.putIfAbsent("k", text("first")), "first put");
          require(!store.putIfAbsent("k", text("second")), "second put must be refused");
          require(!store.putIfAbsent("k", text("first")), "equal content is no exception");
          requireContent(store.get("k"), text("first"));
        }),
        check("content is copied in and out", stores, store -> {
          byte[] content = text("abc");
          store.putIfAbsent("k", content);
          content[0] = 'X';
          store.get("k").orElseThrow()[1] = 'Y';
          requireContent(store.get("k"), text("abc"));
        }),
        check("a larger object than accepted is refused", stores, store -> {
          store.putIfAbsent("k", bytes(11));
          requireContent(store.get("k", 11), bytes(11));
          requireThrows(dev.mlops.error.CorruptException.class, () -> store.get("k", 10));
        }),
        check("leading objects are read in order, up to one that is missing", stores, store -> {
          List<String> keys = IntStream.rangeClosed(1, 40)
              .mapToObj(number -> numbered("log/", number))
              .toList();
          for (int number = 1; number <= 40; number++) {
            if (number != 31) {
              store.putIfAbsent(keys.get(number - 1), bytes(number));
            }
          }
          int read = 0;
          for (boolean missing = false; !missing; ) {
            List<Optional<byte[]>> next = store.getLeading(keys.subList(read, 40), 40);
            require(!next.isEmpty(), "no answer");
            for (Optional<byte[]> content : next) {
              missing = content.isEmpty();
              require(missing == (read == 30), "answer " + read);
              if (!missing) {
                requireContent(content, bytes(++read));
              }
            }
          }
          requireThrows(
              dev.mlops.error.CorruptException.class,
              () -> store.getLeading(keys.subList(31, 40), 31));
        }),
        check("list returns the keys below a prefix, sorted", stores, store -> {
          for (String key : List.of("b/2", "a/10", "a/9", "ab/1", "a/c/d")) {
            store.putIfAbsent(key, text(key));
          }
          requireEqual(store.list(""), List.of("a/10", "a/9", "a/c/d", "ab/1", "b/2"));
          requireEqual(store.list("a/"), List.of("a/10", "a/9", "a/c/d"));
          requireEqual(store.list("a/c/"), List.of("a/c/d"));
          requireEqual(store.list("zzz/"), List.of());
        }),
        check("delete removes, is idempotent and frees the key", stores, store -> {
          store.putIfAbsent("a/k", text("1"));
          store.delete("a/k");
          store.delete("a/k");
          store.delete("never/was");
          require(store.get("a/k").isEmpty(), "deleted object still there");
          requireEqual(store.list(""), List.of());
          require(store.putIfAbsent("a/k", text("2")), "key not free after delete");
          requireContent(store.get("a/k"), text("2"));
        }),
        check("numbered objects are objects like others", stores, store -> {
          for (int number : new int[] {1, 2, 3, 70, 5}) {
            require(store.putIfAbsent(numbered("log/", number), bytes(number * 100)), "put");
          }
          require(store.putIfAbsent("log/other", text("x")), "put");
          require(!store.putIfAbsent(numbered("log/", 2), text("second")), "created twice");
          store.delete(numbered("log/", 3));
          store.delete(numbered("log/", 4));
          require(store.get(numbered("log/", 3)).isEmpty(), "deleted object still there");
          require(store.putIfAbsent(numbered("log/", 3), new byte[0]), "key not free after delete");
          for (int number : new int[] {70, 1, 2, 5}) {
            requireContent(store.get(numbered("log/", number)), bytes(number * 100));
          }
          requireContent(store.get(numbered("log/", 3)), new byte[0]);
          requireThrows(
              dev.mlops.error.CorruptException.class, () -> store.get(numbered("log/", 1), 99));
          requireEqual(
              store.list(""),
              List.of(
                  numbered("log/", 1),
                  numbered("log/", 2),
                  numbered("log/", 3),
                  numbered("log/", 5),
                  numbered("log/", 70),
                  "log/other"));
        }),
        check("keys that could leave the store are refused everywhere", stores, store -> {
          for (String bad : BAD_KEYS) {
            requireThrows(InvalidInputException.class, () -> store.get(bad));
            requireThrows(InvalidInputException.class, () -> store.putIfAbsent(bad, text("x")));
            requireThrows(InvalidInputException.class, () -> store.delete(bad));
            requireThrows(InvalidInputException.class, () -> store.list(bad + "/"));
          }
          requireThrows(InvalidInputException.class, () -> store.list("noslash"));
          requireEqual(store.list(""), List.of());
        }),
        check("long keys and all allowed characters work", stores, store -> {
          String key = "AZaz09._-/" + "n".repeat(128) + "/" + "0".repeat(64) + "/v1.2_x-Y.json";
          require(store.putIfAbsent(key, text("x")), "put");
          requireEqual(store.list("AZaz09._-/"), List.of(key));
        }),
        check("of concurrent puts exactly one wins and its content stays", stores, store -> {
          for (int round = 0; round < ROUNDS; round++) {
            String key = round % 2 == 0 ? "race/" + round : numbered("race/", round);
            List<Boolean> won =
                together(number -> store.putIfAbsent(key, text("writer " + number + " " + key)));
            requireEqual(won.stream().filter(w -> w).count(), 1L);
            requireContent(store.get(key), text("writer " + won.indexOf(true) + " " + key));
          }
        }),
        check("readers never see part of an object", stores, store -> {
          for (int round = 0; round < ROUNDS; round++) {
            String key = round % 2 == 0 ? "torn/" + round : numbered("torn/", round);
            byte[] content = bytes(200_000);
            List<Boolean> whole = together(number -> {
              if (number == 0) {
                return store.putIfAbsent(key, content);
              }
              for (int i = 0; i < 20; i++) {
                Optional<byte[]> seen = store.get(key);
                if (seen.isPresent() && !Arrays.equals(seen.get(), content)) {
                  return false;
                }
              }
              return true;
            });
            require(!whole.contains(false), "a reader saw a torn object");
          }
        }));
  }

  private static final List<String> BAD_KEYS = List.of(
      "",
      ".",
      "..",
      "../x",
      "a/../../x",
      "/etc/passwd",
      "a//b",
      "a/",
      "a\\b",
      "C:x",
      "a/.hidden",
      "a\0b",
      "a/ b",
      "é",
      "a%2fb",
      "x".repeat(256),
      "a/".repeat(500) + "a",
      "con",
      "a/NUL.txt",
      "a./b",
      "file:x",
      "-x",
      "~",
      "a\nb");

  private interface Rule {
    void on(ObjectStore store) throws Exception;
  }

  private interface Writer {
    boolean run(int number) throws Exception;
  }

  private static Check check(String name, Supplier<ObjectStore> stores, Rule rule) {
    return new Check(name, () -> {
      try (ObjectStore store = stores.get()) {
        rule.on(store);
      }
    });
  }

  private static List<Boolean> together(Writer writer) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    try {
      var start = new CyclicBarrier(THREADS);
      var results = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < THREADS; i++) {
        int number = i;
        Callable<Boolean> task = () -> {
          start.await();
          return writer.run(number);
        };
        results.add(executor.submit(task));
      }
      var outcomes = new ArrayList<Boolean>();
      for (Future<Boolean> result : results) {
        outcomes.add(result.get());
      }
      return outcomes;
    } finally {
      executor.shutdownNow();
    }
  }

  private static String numbered(String prefix, int number) {
    return prefix + String.format("%020d.json", number);
  }

  private static byte[] bytes(int size) {
    byte[] content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) (i * 31 + size);
    }
    return content;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static void requireEqual(Object actual, Object expected) {
    require(actual.equals(expected), "expected " + expected + ", got " + actual);
  }

  private static void requireContent(Optional<byte[]> actual, byte[] expected) {
    require(actual.isPresent(), "expected " + expected.length + " bytes, got nothing");
    require(
        Arrays.equals(actual.get(), expected),
        "expected the " + expected.length + " bytes that were put, got " + actual.get().length
            + " others");
  }

  private static void requireThrows(Class<? extends Exception> type, Callable<?> call) {
    try {
      call.call();
    } catch (Exception e) {
      require(type.isInstance(e), "expected " + type.getSimpleName() + ", got " + e);
      return;
    }
    throw new AssertionError("expected " + type.getSimpleName() + ", nothing was thrown");
  }

  private static void requireThrows(Class<? extends Exception> type, Runnable call) {
    requireThrows(type, Executors.callable(call));
  }
}
