package dev.mlops.benchmarks.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same events, sealed and chained, in a table with the primary key (model, seq), write-ahead
 * log and {@code synchronous=FULL}: a commit is on the disk when it returns. Opening checks neither
 * seals nor chain, unlike the registry.
 */
@State(Scope.Benchmark)
public class SqliteBenchmark {
  private static final int SEGMENT = 4096;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path directory = Path.of("");
  private @Nullable Connection growing;
  private @Nullable Connection fixed;
  private final List<Long> buffer = new ArrayList<>();
  private String previous = "0".repeat(64);
  private long count;

  /** Fills one database with 1000 events and starts another. */
  @Setup(Level.Trial)
  public void setUp() throws SQLException {
    directory = Scratch.create();
    growing = connect("growing");
    fixed = connect("fixed");
    for (Connection connection : List.of(growing, fixed)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("create table event(model text, seq integer, body text,"
            + " primary key(model, seq)) without rowid");
        statement.execute(
            "create table metric(run text, name text, step integer, value real," + " at integer)");
      }
    }
    for (int i = 0; i < OursBenchmark.EVENTS; i++) {
      append(fixed, i);
    }
  }

  private Connection connect(String name) throws SQLException {
    Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(name + ".db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode=wal");
      statement.execute("pragma synchronous=full");
    }
    return connection;
  }

  private void append(Connection connection, long value) throws SQLException {
    long last = last(connection);
    String open = "{\"formatVersion\":1,\"model\":\"fraud\",\"seq\":" + (last + 1) + ",\"id\":\""
        + UUID.randomUUID() + "\",\"prev\":\"" + previous
        + "\",\"actor\":\"benchmark\",\"at\":\"2026-05-01T10:00:00.123456Z\","
        + "\"reason\":\"\",\"type\":\"tagged\",\"version\":1,\"key\":\"step\",\"value\":\"value "
        + value + "\"";
    String body = open + ",\"sha256\":\"" + sha256(open) + "\"}";
    try (PreparedStatement insert =
        connection.prepareStatement("insert into event values('fraud', ?, ?)")) {
      insert.setLong(1, last + 1);
      insert.setString(2, body);
      insert.executeUpdate();
    }
    previous = sha256(body);
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static long last(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("select max(seq) from event where model = 'fraud'")) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  private static Connection open(@Nullable Connection connection) {
    if (connection == null) {
      throw new IllegalStateException("not set up");
    }
    return connection;
  }

  /** Removes the files. */
  @TearDown(Level.Trial)
  public void tearDown() throws SQLException {
    open(growing).close();
    open(fixed).close();
    Scratch.delete(directory);
  }

  /** Appends one event durably, after reading the last number. */
  @Benchmark
  public void commit() throws SQLException {
    append(open(growing), count++);
  }

  /**
   * Opens the database and folds 1000 events.
   *
   * @return the state
   */
  @Benchmark
  public Map<String, String> open() throws SQLException, IOException {
    var tags = new TreeMap<String, String>();
    try (Connection connection = connect("fixed");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("select body from event where model = 'fraud' order by seq")) {
      while (result.next()) {
        JsonNode event = JSON.readTree(result.getString(1));
        tags.put(event.path("key").asText(), event.path("value").asText());
      }
    }
    return tags;
  }

  /**
   * Asks whether anything happened.
   *
   * @return the last event
   */
  @Benchmark
  public long poll() throws SQLException {
    return last(open(fixed));
  }

  /** Logs a metric, durable with the 4096 of its transaction. */
  @Benchmark
  public void metric() throws SQLException {
    buffer.add(count++);
    if (buffer.size() < SEGMENT) {
      return;
    }
    Connection connection = open(growing);
    connection.setAutoCommit(false);
    try (PreparedStatement insert =
        connection.prepareStatement("insert into metric values('run', 'loss', ?, ?, ?)")) {
      for (long step : buffer) {
        insert.setLong(1, step);
        insert.setDouble(2, 0.5);
        insert.setLong(3, System.currentTimeMillis());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
    buffer.clear();
  }
}
