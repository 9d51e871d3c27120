package dev.mlops.training.tribuo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.training.ChildJvm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.liblinear.LibLinearClassificationTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A genuine LIBLINEAR model carries a Java object inside its protobuf, which Tribuo reads with
 * {@link ObjectInputStream}. In a JVM of its own, because a JVM takes its filter factory once and
 * only before the first such stream.
 */
class SerialFilterTest {
  @TempDir
  Path directory;

  /** Reads a LIBLINEAR model on each of the ways. */
  static final class Child {
    private Child() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws Exception {
      ModelProto model = ModelProto.parseFrom(Files.readAllBytes(Path.of(args[0])));
      Set<String> all = new HashSet<>(KnownClasses.NAMES);
      all.add(model.getClassName());
      say("by default", () -> new SafeLoader(Set.of()).load(model.toByteArray()));
      say("allowed", () -> new SafeLoader(all).load(model.toByteArray()));
      say("filtered", () -> SerialFilter.refusing(() -> Model.deserialize(model)));
      say("unfiltered", () -> Model.deserialize(model));
      say("other thread", () -> SerialFilter.refusing(SerialFilterTest::onAnotherThread));
      say("afterwards", SerialFilterTest::roundTrip);
    }

    private interface Work {
      Object run() throws Exception;
    }

    @SuppressWarnings("SystemOut")
    private static void say(String way, Work work) {
      try {
        System.out.println(way + ": " + work.run().getClass().getSimpleName());
      } catch (Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        System.out.println(
            way + ": " + cause.getClass().getSimpleName() + " " + cause.getMessage());
      }
    }
  }

  private static ModelProto libLinear() {
    var labels = new LabelFactory();
    var data = new MutableDataset<Label>(new SimpleDataSourceProvenance("t", labels), labels);
    for (int i = 0; i < 40; i++) {
      data.add(new ArrayExample<>(
          new Label(i % 2 == 0 ? "a" : "b"), new String[] {"x", "y"}, new double[] {i % 2 * 2 - 1, i
          }));
    }
    return new LibLinearClassificationTrainer().train(data).serialize();
  }

  private static Object roundTrip() throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new ArrayList<>(List.of("x")));
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  private static Object onAnotherThread() {
    List<Object> read = new ArrayList<>();
    Thread other = new Thread(() -> {
      try {
        read.add(roundTrip());
      } catch (IOException | ClassNotFoundException e) {
        read.add(e);
      }
    });
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return read.get(0);
  }

  @Test
  void refusing_stopsTheJavaObjectInsideAModelAndNothingElse() throws Exception {
    Path file = Files.write(directory.resolve("model.pb"), libLinear().toByteArray());

    String printed = ChildJvm.run(entry -> false, Child.class, file.toString());

    List<String> lines =
        printed.lines().filter(line -> !line.startsWith("[main]")).toList();
    assertThat(lines).as(printed).hasSize(6);
    assertThat(lines.get(0)).contains("CorruptException").contains("LibLinearClassificationModel");
    assertThat(lines.get(1)).startsWith("allowed: CorruptException");
    assertThat(lines.get(2))
        .startsWith("filtered: " + InvalidClassException.class.getSimpleName())
        .contains("REJECTED");
    assertThat(lines.subList(3, 6))
        .containsExactly(
            "unfiltered: LibLinearClassificationModel",
            "other thread: ArrayList",
            "afterwards: ArrayList");
  }
}
