package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.SCHEMA;
import static dev.mlops.registry.RegistryFixtures.builder;
import static dev.mlops.registry.RegistryFixtures.draft;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.mlops.error.CorruptException;
import dev.mlops.error.ForbiddenException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.error.MlopsException;
import dev.mlops.mlflow.MirrorReport;
import dev.mlops.mlflow.MlflowMirror;
import dev.mlops.model.ModelFile;
import dev.mlops.model.ModelFormats;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.secret.Secret;
import dev.mlops.store.ObjectStore;
import dev.mlops.tracking.Experiments;
import dev.mlops.tracking.Run;
import dev.mlops.tracking.RunComparison;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One test per cause of MLflow's published vulnerabilities. The numbers are those of the PyPA
 * advisory database and of MLflow's own fixes.
 */
class MlflowCveTest {
  /** Names that are locations to somebody: to a file system, a shell, a URI parser, a decoder. */
  private static final List<String> LOCATIONS = List.of(
      "../../outside",
      "/etc/passwd",
      "..\\outside",
      "C:\\outside",
      "\\\\host\\share",
      "file:///etc/passwd",
      "file:outside",
      "http://169.254.169.254/latest",
      "s3://bucket/x",
      "a/../../outside",
      "a//b",
      "..",
      "%2e%2e%2foutside",
      "%252e%252e%252foutside",
      "..%2foutside",
      "..%5coutside",
      "a;b",
      "a?b",
      "a#b",
      "a\0b",
      "a\nb",
      "\u2025\u2044outside",
      "");

  @TempDir
  Path directory;

  private Path root = Path.of("");
  private ObjectStore store = ObjectStore.inMemory();
  private ModelRegistry registry = ModelRegistry.inMemory();

  @BeforeEach
  void openTheStore() throws Exception {
    root = Files.createDirectory(directory.resolve("store"));
    Files.writeString(directory.resolve("outside"), "secret");
    store = ObjectStore.directory(root);
    registry = ModelRegistry.builder(store).actor("ann").build();
  }

  private Set<String> filesBesideTheStore() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new TreeSet<>(files.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void insecureTemporaryFiles_cve2022_0736_cve2026_4137() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<String> before = ours(temporary);

    ModelVersion version = registry.register("fraud", draft("a", 0.9));
    registry.read(version, "model.flat");
    registry.exportTo("fraud", directory.resolve("export"));
    registry.importFrom(directory.resolve("export"), 1 << 20);

    assertThat(ours(temporary)).isEqualTo(before);
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all.filter(p -> !p.equals(root)))
          .isNotEmpty()
          .allSatisfy(path -> assertThat(Files.getPosixFilePermissions(path))
              .isSubsetOf(
                  PosixFilePermission.OWNER_READ,
                  PosixFilePermission.OWNER_WRITE,
                  PosixFilePermission.OWNER_EXECUTE));
    }
  }

  private static Set<String> ours(Path temporary) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return new TreeSet<>(files
          .map(p -> p.getFileName().toString())
          .filter(name -> name.contains("mlops"))
          .toList());
    }
  }

  @Test
  void locationsSuppliedByCallers_cve2023_1176_1177_2356_2780_30172() throws Exception {
    ModelVersion version = registry.register("fraud", draft("a", 0.9));
    Set<String> before = filesBesideTheStore();
    long objects = store.list("").size();

    for (String location : LOCATIONS) {
      refused(location, () -> registry.register(location, draft("b", 0.9)));
      refused(location, () -> registry.versions(location));
      refused(location, () -> registry.promote(version.ref(), location, Gate.open()));
      refused(location, () -> ModelRef.parse(location + ":1"));
      refused(location, () -> ModelRef.parse("fraud@" + location));
      refused(location, () -> builder("b").file(new ModelFile(location, "flat", new byte[1])));
      assertThatThrownBy(() -> registry.read(version, location)).isInstanceOf(MlopsException.class);
    }

    assertThat(filesBesideTheStore()).isEqualTo(before);
    assertThat(store.list("")).hasSize((int) objects);
  }

  private static void refused(String location, Runnable call) {
    assertThatThrownBy(call::run).as("'%s'", location).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void oneStringCheckedAnotherUsed_cve2023_6831_6909_cve2024_1560() throws Exception {
    Path victim = Files.writeString(root.resolve("victim"), "v");

    for (String key : LOCATIONS) {
      refused(key, () -> store.get(key));
      refused(key, () -> store.delete(key));
      refused(key, () -> store.putIfAbsent(key, new byte[1]));
      if (!key.isEmpty()) { // the empty prefix is everything
        refused(key, () -> store.list(key + "/"));
      }
    }

    assertThat(victim).hasContent("v");
    assertThat(directory.resolve("outside")).hasContent("secret");
  }

  /** An experiment's name is checked; a run's artifact has a label, which is never a location. */
  @Test
  void uriParsersThatDisagree_cve2024_1593_3573() throws Exception {
    Set<String> before = filesBesideTheStore();
    var experiments = Experiments.builder(store).actor("ann").build();
    for (String location : LOCATIONS) {
      refused(location, () -> experiments.start(location, "run"));
      refused(location, () -> experiments.runs(location));
    }

    try (Run run = experiments.start("fraud", "run")) {
      for (String location : LOCATIONS) {
        if (location.isEmpty() || location.chars().anyMatch(Character::isISOControl)) {
          refused(location, () -> run.artifact(location, new byte[1]));
        } else {
          run.artifact(location, location.getBytes(UTF_8));
        }
      }
    }

    assertThat(filesBesideTheStore()).isEqualTo(before);
    try (Stream<Path> files = Files.walk(root).filter(Files::isRegularFile)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSizeGreaterThan(10)
          .allMatch(name -> name.matches("[0-9A-Za-z._-]+"))
          .noneMatch(name -> name.contains("outside") || name.contains("passwd"));
    }
  }

  @Test
  void fileNamesChosenByTheOtherSide_fixes10584_10647() throws Exception {
    registry.register(
        "fraud",
        VersionDraft.builder()
            .schema(SCHEMA)
            .file(new ModelFile("invoice.exe", "flat", new byte[] {1}))
            .file(new ModelFile("model.flat", "flat", new byte[] {2}))
            .build());

    try (Stream<Path> files = Files.walk(root.resolve("blobs")).filter(Files::isRegularFile)) {
      assertThat(files)
          .hasSizeGreaterThan(1)
          .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("[0-9a-f]{64}"));
    }
    for (String device : List.of("con", "NUL", "aux.v1", "com1", "lpt9.txt", "x.")) {
      refused(device, () -> registry.register(device, draft("a", 0.9)));
    }
  }

  @Test
  void symbolicLinks_fixes18964_19260() throws Exception {
    ModelVersion version = registry.register("fraud", draft("secret", 0.9));
    String digest = version.artifact("model.flat").sha256();
    Path blob = root.resolve("blobs/sha256").resolve(digest.substring(0, 2)).resolve(digest);
    Path elsewhere = Files.move(blob, directory.resolve("moved"));
    Files.createSymbolicLink(blob, elsewhere); // even the right content is not read through a link

    assertThatThrownBy(() -> registry.read(version, "model.flat"))
        .isInstanceOf(CorruptException.class);
    Path export = Files.createSymbolicLink(directory.resolve("link"), directory.resolve("outside"));
    refused("link", () -> registry.importFrom(export, 1 << 20));
  }

  @Test
  void archivesUnpackedByTheirOwnNames_fixes19557_20924_21824() throws Exception {
    Set<String> before = filesBesideTheStore();
    Path forged = directory.resolve("outside");
    for (String name : LOCATIONS) {
      Files.write(forged, export(name));

      assertThatThrownBy(() -> registry.importFrom(forged, 1 << 20))
          .as("'%s'", name)
          .isInstanceOf(CorruptException.class);
    }

    assertThat(filesBesideTheStore()).isEqualTo(before);
    assertThat(store.list("")).isEmpty();
  }

  /** An export of a model of any name, with a right digest at its end. */
  private static byte[] export(String name) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeBytes("MLOPSX01");
    out.writeUTF(name);
    out.writeInt(1);
    out.writeInt(2);
    out.writeBytes("{}");
    out.writeInt(0);
    byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    out.write(digest);
    return bytes.toByteArray();
  }

  /** There, a regular expression that an operator may set; here, nobody can unset the rule. */
  @Test
  void safetyThatMustBeSwitchedOn_cve2025_11201_cve2026_2614() {
    assertThat(ModelRegistry.Builder.class.getMethods())
        .extracting(Method::getName)
        .noneMatch(name -> name.matches("(?i).*(unsafe|allow|skip|insecure|source|location).*"));
    refused("source", () -> registry.register("../../outside", draft("a", 0.9)));
  }

  static final AtomicBoolean RAN = new AtomicBoolean();

  /** Runs when it is deserialised. */
  static final class Gadget implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      RAN.set(true);
    }
  }

  @Test
  void objectsDeserialisedFromModels_cve2024_37052_37056() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Gadget());
    }
    byte[] serialised = bytes.toByteArray();
    new ObjectInputStream(new java.io.ByteArrayInputStream(serialised)).readObject();
    assertThat(RAN.getAndSet(false)).as("the gadget works").isTrue();

    var formats = ModelFormats.installed();
    for (String name : List.of("flat", "tribuo", "xgboost", "onnx")) {
      assertThatThrownBy(() -> formats.get(name).read(serialised, SCHEMA))
          .as(name)
          .isInstanceOf(MlopsException.class);
    }
    ModelVersion version = registry.register(
        "fraud",
        VersionDraft.builder()
            .schema(SCHEMA)
            .file(new ModelFile("model.pkl", "pickle", serialised))
            .build());
    assertThat(registry.read(version, "model.pkl")).isEqualTo(serialised);
    assertThat(RAN).isFalse();
  }

  @Test
  void requestsSentWhereAnAttackerSays_fixes20747_20965() throws Exception {
    var stolen = new AtomicInteger();
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer attacker = HttpServer.create(loopback, 0);
    HttpServer honest = HttpServer.create(loopback, 0);
    attacker.createContext("/", exchange -> {
      stolen.incrementAndGet();
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    honest.createContext("/", exchange -> {
      exchange
          .getResponseHeaders()
          .set("Location", "http://127.0.0.1:" + attacker.getAddress().getPort() + "/metadata");
      exchange.sendResponseHeaders(307, -1);
      exchange.close();
    });
    attacker.start();
    honest.start();
    try {
      registry.register("fraud", draft("a", 0.9));
      URI server = URI.create("http://127.0.0.1:" + honest.getAddress().getPort());
      MirrorReport report = MlflowMirror.builder(server, Experiments.inMemory(), registry)
          .token(() -> Secret.of("s3cret"))
          .timeout(Duration.ofSeconds(10))
          .build()
          .sync();

      assertThat(report.complete()).isFalse();
      assertThat(stolen).hasValue(0);
    } finally {
      attacker.stop(0);
      honest.stop(0);
    }
    for (String address : List.of("file:///etc/passwd", "ftp://host/x", "jar:file:/x!/y")) {
      refused(
          address,
          () -> MlflowMirror.builder(URI.create(address), Experiments.inMemory(), registry));
    }
  }

  @Test
  void scriptsInPages_cve2023_6568() {
    String script = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    ModelVersion version = registry
        .by(script)
        .because(script)
        .register(
            "fraud",
            builder("a")
                .card(ModelCard.builder("fraud").intendedUse(script).build())
                .metric(script, 1)
                .lineage(java.util.Map.of(script, script))
                .tag(script, script)
                .run(script)
                .build());
    var experiments = Experiments.inMemory();
    try (Run run = experiments.start("fraud", script)) {
      run.param(script, script).metric(script, 1).tag(script, script);
    }

    String card = new String(registry.read(version, ModelCard.HTML_FILE), UTF_8);
    String runs = RunComparison.of(experiments.runs("fraud")).toHtml();
    String markdown = new String(registry.read(version, ModelCard.MARKDOWN_FILE), UTF_8);
    assertThat(List.of(card, runs, markdown))
        .allSatisfy(
            page -> assertThat(page).contains("&lt;script").doesNotContain("<script", "<img"));
    assertThat(card).contains("Content-Security-Policy", "default-src 'none'");
  }

  /**
   * Every verb asks the authorizer: {@link AuthorizerTest}. Here, those that take something away.
   */
  @Test
  void deletionWithoutPermission_cve2024_4263() {
    ModelVersion version = registry.register("fraud", draft("a", 0.9));
    registry.tag(version.ref(), "owner", "ann");
    registry.promote(version.ref(), "champion", Gate.open());
    ModelRegistry reader = ModelRegistry.builder(store)
        .actor("eve")
        .authorizer((actor, action, model) -> action == Authorizer.Action.READ)
        .build();
    var before = registry.snapshot("fraud");

    for (Runnable removal : List.<Runnable>of(
        () -> reader.untag(version.ref(), "owner"),
        () -> reader.removeAlias("fraud", "champion"),
        () -> reader.rollback("fraud", "champion"),
        () -> reader.archive(version.ref()),
        () -> reader.collectGarbage(Duration.ofDays(1)))) {
      assertThatThrownBy(removal::run)
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("actor 'eve' may not");
    }
    assertThat(registry.snapshot("fraud")).isEqualTo(before);
    assertThat(Stream.of(ModelRegistry.class, Experiments.class, Run.class)
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .map(Method::getName))
        .as("no verb deletes what was recorded")
        .contains("register", "start")
        .noneMatch(name -> name.matches("delete.*|purge.*|overwrite.*|replace.*"));
  }

  /** SnakeYAML CVE-2022-1471: a parser that makes objects of whatever type the text names. */
  @Test
  void yamlThatNamesClasses_cve2022_1471() throws Exception {
    try (InputStream in = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      assertThat(ModuleDescriptor.read(in).requires())
          .extracting(ModuleDescriptor.Requires::name)
          .contains("com.fasterxml.jackson.databind")
          .noneMatch(name -> name.contains("yaml"));
    }
  }
}
