package dev.mlops.store.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.UnavailableException;
import dev.mlops.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMutexTest {
  private static final FileAttribute<?>[] NONE = {};

  @TempDir
  Path root;

  @Test
  void lockHeldBySomethingElseInThisProcess_isOurError() throws Exception {
    ObjectStore store = ObjectStore.directory(root);
    String key = "log/" + Numbered.name(1);
    store.putIfAbsent(key, new byte[] {1});

    try (var channel = FileChannel.open(
            root.resolve("log").resolve(".journal.lock"), StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> store.putIfAbsent(key, new byte[] {2}))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("is locked by something else in this process");
    }
    assertThat(store.putIfAbsent(key, new byte[] {2})).isFalse();
  }

  /** As in an application server, where two applications bring the library. */
  @Test
  void sameLockUnderAnotherClassLoader_isWaitedFor() throws Exception {
    Path file = root.resolve("lock");
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    var other = new Thread(() -> holdInAnotherClassLoader(file, () -> order.add("other")));

    FileMutex.holding(file, NONE, mutex -> {
      other.start();
      while (other.getState() != Thread.State.BLOCKED && other.isAlive()) {
        Thread.onSpinWait();
      }
      order.add("mine");
      mutex.requireHeld();
      return order;
    });
    other.join();

    assertThat(order).containsExactly("mine", "other");
  }

  private static void holdInAnotherClassLoader(Path file, Runnable work) {
    var loader = new Copies(FileMutex.class.getClassLoader());
    try {
      Class<?> mutex = loader.loadClass(FileMutex.class.getName());
      Class<?> task = loader.loadClass(FileMutex.Work.class.getName());
      assertThat(mutex).isNotSameAs(FileMutex.class);
      InvocationHandler run = (proxy, method, arguments) -> {
        work.run();
        return null;
      };
      Method holding = mutex.getDeclaredMethod("holding", Path.class, FileAttribute[].class, task);
      holding.setAccessible(true);
      holding.invoke(null, file, NONE, Proxy.newProxyInstance(loader, new Class<?>[] {task}, run));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Defines its own copies of the mutex. */
  private static final class Copies extends ClassLoader {
    Copies(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(FileMutex.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }

    private Class<?> define(String name) {
      String file = "/" + name.replace('.', '/') + ".class";
      try (InputStream in = Objects.requireNonNull(FileMutex.class.getResourceAsStream(file))) {
        byte[] code = in.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
