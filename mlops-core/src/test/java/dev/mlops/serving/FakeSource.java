package dev.mlops.serving;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.error.MlopsException;
import dev.mlops.error.NotFoundException;
import dev.mlops.model.GoldenRows;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.ModelRef;
import dev.mlops.model.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Versions in memory whose models are whatever a test wants, and which can fail in every way. */
final class FakeSource implements ModelSource {
  static final Schema SCHEMA = new Schema(
      List.of(
          new Feature.Numeric("amount"),
          new Feature.Numeric("age"),
          new Feature.Categorical("country", List.of("ch", "de", "fr"))),
      new Target.Classes("fraud", List.of("no", "yes")));
  static final ModelRef CHAMPION = ModelRef.parse("fraud@champion");
  static final double[] ROW = {100, 42, 1};

  private final Map<Integer, Version> versions = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final List<FakePredictor> opened = new CopyOnWriteArrayList<>();
  final AtomicInteger reads = new AtomicInteger();
  volatile int champion;
  volatile Optional<MlopsException> failure = Optional.empty();
  volatile Runnable resolving = () -> {};

  /** What a version answers. */
  static double[] scoresOf(int version) {
    return new double[] {version / 1e6, 1 - version / 1e6};
  }

  FakeSource version(int number) {
    return version(number, SCHEMA, "good");
  }

  FakeSource version(int number, Schema schema, String... behaviours) {
    Map<String, String> formats = new HashMap<>();
    for (String behaviour : behaviours) {
      String file = "model." + behaviour;
      formats.put(file, behaviour);
      files.put(
          number + "/" + file,
          new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }
    int width = schema.width();
    double[][] rows = {
      Arrays.copyOf(new double[] {1, 2, 0}, width), Arrays.copyOf(new double[] {3, 4, 2}, width)
    };
    ModelFile golden =
        GoldenRows.record(new FakePredictor(number, schema, "good"), rows).toFile();
    formats.put(golden.name(), golden.format());
    files.put(number + "/" + golden.name(), golden.content());
    versions.put(number, new Version("fraud", number, schema, formats));
    champion = number;
    return this;
  }

  /** Changes the files of a version that is there; no content takes the file away. */
  FakeSource file(int number, String name, String format, Optional<byte[]> content) {
    Version version = Objects.requireNonNull(versions.get(number));
    Map<String, String> formats = new HashMap<>(version.formats());
    formats.remove(name);
    content.ifPresent(bytes -> {
      formats.put(name, format);
      files.put(number + "/" + name, bytes);
    });
    versions.put(number, new Version("fraud", number, version.schema(), formats));
    return this;
  }

  @Override
  public Version resolve(ModelRef ref) {
    resolving.run();
    failure.ifPresent(e -> {
      throw e;
    });
    Version version = ref instanceof ModelRef.Version fixed
        ? versions.get(fixed.number())
        : versions.get(champion);
    if (version == null || !ref.model().equals("fraud")) {
      throw new NotFoundException("there is no " + ref);
    }
    return version;
  }

  @Override
  public byte[] read(Version version, String file) {
    reads.incrementAndGet();
    failure.ifPresent(e -> {
      throw e;
    });
    return Objects.requireNonNull(files.get(version.number() + "/" + file)).clone();
  }

  /** One format per behaviour; the names of real formats are taken to test the preference. */
  ModelFormats formats() {
    List<ModelFormat> formats = new ArrayList<>();
    for (String behaviour :
        List.of("good", "corrupt", "wrong", "throws", "blocks", "flat", "tribuo")) {
      formats.add(new ModelFormat() {
        @Override
        public String name() {
          return behaviour;
        }

        @Override
        public Predictor read(byte[] content, Schema schema) {
          if (behaviour.equals("corrupt")) {
            throw new CorruptException("digest does not hold");
          }
          int number = (content[0] & 255) << 16 | (content[1] & 255) << 8 | content[2] & 255;
          var predictor = new FakePredictor(number, schema, behaviour);
          opened.add(predictor);
          return predictor;
        }
      });
    }
    return ModelFormats.of(formats);
  }

  LiveModel.Builder live() {
    return LiveModel.builder(this, CHAMPION).formats(formats()).warmUp(10);
  }

  /** Answers with its version, and notices being used after it was closed. */
  static final class FakePredictor implements Predictor {
    final int version;
    final Schema schema;
    final String behaviour;
    volatile Runnable inside = () -> {};
    volatile Runnable closing = () -> {};
    volatile Consumer<double[]> sees = row -> {};
    volatile boolean closed;
    final AtomicInteger usedAfterClose = new AtomicInteger();

    FakePredictor(int version, Schema schema, String behaviour) {
      this.version = version;
      this.schema = schema;
      this.behaviour = behaviour;
    }

    @Override
    public Schema schema() {
      return schema;
    }

    @Override
    public boolean givesProbabilities() {
      return true;
    }

    @Override
    public void predict(double[] row, double[] scores) {
      if (behaviour.equals("throws")) {
        throw new IllegalStateException("cannot answer");
      }
      scores[0] = version / 1e6 + (behaviour.equals("wrong") || behaviour.equals("flat") ? 0.1 : 0);
      sees.accept(row);
      inside.run();
      scores[1] = 1 - version / 1e6;
      if (closed) {
        usedAfterClose.incrementAndGet();
      }
    }

    @Override
    public String describe() {
      return behaviour + " " + version;
    }

    @Override
    public void close() {
      closed = true;
      closing.run();
    }
  }
}
