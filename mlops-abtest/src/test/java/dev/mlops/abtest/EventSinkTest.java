package dev.mlops.abtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventSinkTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Experiment EXPERIMENT = Experiment.builder("e")
      .control("a", 1)
      .variant("b", 1)
      .override("tester", "b")
      .build();

  @TempDir
  Path dir;

  @Test
  void exposure_repeated_isFilteredAndCounted() {
    InMemoryEventSink sink = EventSink.inMemory(1000);
    Assigner assigner = Assigner.of(EXPERIMENT, sink);
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 100; i++) {
        assigner.expose("u" + i);
      }
    }

    assertThat(sink.events()).hasSize(100);
    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(100, 400, 0, 100));
  }

  @Test
  void exposure_ofAUnitOutsideTheExperiment_isNoEvent() {
    InMemoryEventSink sink = EventSink.inMemory(10);
    Assigner assigner = Assigner.of(EXPERIMENT, sink);

    assigner.expose("");
    assigner.expose(null);
    assigner.expose("tester");

    assertThat(sink.events()).hasSize(1);
    assertThat(((Event.Exposure) sink.events().get(0)).analysed()).isFalse();
  }

  @Test
  void memorySink_full_dropsAndCounts() {
    InMemoryEventSink sink = EventSink.inMemory(3);
    for (int i = 0; i < 5; i++) {
      assertThat(sink.outcome("u" + i, "x", 1)).isEqualTo(i < 3);
    }

    assertThat(sink.dropped()).isEqualTo(2);
  }

  @Test
  void queue_full_dropsCountsAndForgetsNothingItDidNotTake() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    List<Event> written = new CopyOnWriteArrayList<>();
    EventWriter slow = batch -> {
      writing.countDown();
      try {
        hold.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.addAll(batch);
    };
    EventSink sink = EventSink.to(slow).queueCapacity(10).open();
    Assigner assigner = Assigner.of(EXPERIMENT, sink);
    sink.outcome("u", "first", 1);
    writing.await();
    for (int i = 0; i < 30; i++) {
      assigner.expose("u" + i);
    }
    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(11, 0, 20, 0));

    hold.countDown();
    assertThat(sink.flush(LONG)).isTrue();
    for (int i = 0; i < 30; i++) {
      assigner.expose("u" + i);
      assertThat(sink.flush(LONG)).isTrue();
    }
    assertThat(sink.close(LONG)).isTrue();

    assertThat(written).hasSize(31);
    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(31, 10, 20, 31));
    assertThat(sink.outcome("u", "after close", 1)).isFalse();
    assertThat(sink.dropped()).isEqualTo(21);
  }

  @Test
  void writer_thatFails_costsItsBatchAndNothingElse() {
    EventWriter failing = batch -> {
      throw new IOException("disk full");
    };
    EventSink sink = EventSink.to(failing).open();
    for (int i = 0; i < 7; i++) {
      assertThat(sink.outcome("u", "x", i)).isTrue();
    }

    assertThat(sink.flush(LONG)).isTrue();

    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(7, 0, 7, 0));
    assertThat(sink.close(LONG)).isTrue();
  }

  @Test
  void writer_thatWritesAPart_costsTheRest() {
    EventSink sink = EventSink.to(batch -> {
          throw new EventWriter.PartlyWritten("one is too large", 1);
        })
        .open();
    sink.outcome("u", "x", 1);
    assertThat(sink.flush(LONG)).isTrue();
    for (int i = 0; i < 7; i++) {
      sink.outcome("u", "x", i);
    }

    assertThat(sink.close(LONG)).isTrue();

    EventSink.Counts counts = sink.counts();
    assertThat(counts.dropped()).isBetween(2L, 8L);
    assertThat(counts.written() + counts.dropped()).isEqualTo(8);
  }

  @Test
  void close_thatRunsOutOfTime_countsWhatWasLeft() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    EventSink sink = EventSink.to(batch -> {
          writing.countDown();
          try {
            hold.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        })
        .open();
    sink.outcome("u", "first", 1);
    writing.await();
    for (int i = 0; i < 5; i++) {
      sink.outcome("u", "x", i);
    }

    assertThat(sink.close(Duration.ofMillis(1))).isFalse();

    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(6, 0, 6, 0));
    assertThat(sink.close(Duration.ofMillis(1))).isFalse();
    assertThat(sink.dropped()).isEqualTo(6);
    hold.countDown();
    assertThat(sink.close(LONG)).isTrue();
    assertThat(sink.counts()).isEqualTo(new EventSink.Counts(6, 0, 5, 1));
  }

  @Test
  void files_rotateAndReadBack() throws Exception {
    Clock clock = Clock.fixed(Instant.ofEpochMilli(1_790_000_000_000L), ZoneOffset.UTC);
    EventSink sink = EventSink.toDirectory(dir).maxFileBytes(2000).clock(clock).open();
    Assigner assigner = Assigner.of(EXPERIMENT, sink);
    for (int i = 0; i < 50; i++) {
      assigner.expose("u\"ü\n😀" + i);
      sink.outcome("u\"ü\n😀" + i, "x", i % 2);
      assertThat(sink.flush(LONG)).isTrue();
    }
    assertThat(sink.close(LONG)).isTrue();

    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.count()).isGreaterThan(3);
    }
    AnalysisPlan plan = AnalysisPlan.fixed(50).metric(Metric.proportion("x")).build();
    EventReader.Result result = EventReader.of(EXPERIMENT, plan).read(dir);
    assertThat(result.data().units()).isEqualTo(50);
    assertThat(result.outcomes()).isEqualTo(50);
    assertThat(result.corruptLines() + result.tornLines()).isZero();
  }

  @Test
  void read_tornAndCorruptLines_areSkippedAndCounted() throws Exception {
    EventSink sink = EventSink.toDirectory(dir).open();
    Assigner.of(EXPERIMENT, sink).expose("u1");
    sink.close();
    Path first;
    try (Stream<Path> files = Files.list(dir)) {
      first = files.findFirst().orElseThrow();
    }
    Files.writeString(first, "garbage\n{\"v\":1,\"type\":\"outc", StandardOpenOption.APPEND);
    EventSink again = EventSink.toDirectory(dir).open();
    Assigner.of(EXPERIMENT, again).expose("u2");
    again.close();

    AnalysisPlan plan = AnalysisPlan.fixed(50).metric(Metric.proportion("x")).build();
    EventReader.Result result = EventReader.of(EXPERIMENT, plan).read(dir);

    assertThat(result.exposures()).isEqualTo(2);
    assertThat(result.tornLines()).isEqualTo(1);
    assertThat(result.corruptLines()).isEqualTo(1);
  }
}
