package dev.mlops.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java example of the user guides that need only this module compiles against it.
 *
 * <p>An example is the body of a method that may throw. All exported packages of this module and
 * the usual ones of Java are imported. What an example takes as given is declared before it, for
 * nobody but this test, in a comment: {@code <!-- given: Table table; double[] row -->}.
 * {@code <!-- import: a.b.C -->} decides between types of one name.
 */
class SitePagesTest {
  private static final Path PAGES = Path.of("..", "src", "site", "markdown");
  private static final List<String> OURS =
      List.of("alerts", "data", "evaluation", "registry", "serving", "telemetry", "training");
  private static final Pattern EXAMPLE = Pattern.compile(
      "((?:<!-- (?:given|import): [^`]*?-->\\s*)*)```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NOTE =
      Pattern.compile("<!-- (given|import): (.*?)\\s*-->", Pattern.DOTALL);

  @TempDir
  Path output;

  @TestFactory
  Stream<DynamicTest> examples_compile() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    List<String> imports = imports();
    for (String page : OURS) {
      String text = Files.readString(PAGES.resolve(page + ".md"));
      Matcher example = EXAMPLE.matcher(text);
      int count = 0;
      while (example.find()) {
        String name = "Page_" + page + "_" + ++count;
        String source = source(name, imports, example.group(1), example.group(2));
        tests.add(DynamicTest.dynamicTest(page + ".md, example " + count, () -> compile(source)));
      }
      assertThat(count).as("examples of %s", page).isPositive();
    }
    return tests.stream();
  }

  private static List<String> imports() throws IOException {
    var packages = new TreeSet<String>(List.of(
        "java.net.URI",
        "java.nio.charset.StandardCharsets",
        "java.nio.file.Path",
        "java.time.*",
        "java.util.*",
        "java.util.concurrent.*",
        "io.opentelemetry.api.*"));
    Path descriptor = Path.of("target", "classes", "module-info.class");
    try (InputStream in = Files.newInputStream(descriptor)) {
      ModuleDescriptor.read(in).exports().forEach(e -> packages.add(e.source() + ".*"));
    }
    return List.copyOf(packages);
  }

  private static String source(String name, List<String> imports, String notes, String body) {
    var out = new StringBuilder();
    imports.forEach(type -> out.append("import ").append(type).append(";\n"));
    var fields = new StringBuilder();
    Matcher note = NOTE.matcher(notes);
    while (note.find()) {
      for (String entry : note.group(2).split(";", -1)) {
        if (!entry.isBlank() && note.group(1).equals("import")) {
          out.append("import ").append(entry.strip()).append(";\n");
        } else if (!entry.isBlank()) {
          fields.append("  ").append(entry.strip()).append(";\n");
        }
      }
    }
    return out.append("abstract class ")
        .append(name)
        .append(" {\n")
        .append(fields)
        .append("  void example() throws Exception {\n")
        .append(body)
        .append("  }\n}\n")
        .toString();
  }

  private void compile(String source) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    var file =
        new SimpleJavaFileObject(
            URI.create("string:///" + name(source) + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    var messages = new StringWriter();
    List<String> options = List.of(
        "-proc:none", "-d", output.toString(), "-classpath", System.getProperty("java.class.path"));

    boolean compiled =
        compiler.getTask(messages, null, null, options, null, List.of(file)).call();

    assertThat(compiled).as("%s%n%s", messages, source).isTrue();
  }

  private static String name(String source) {
    Matcher name = Pattern.compile("abstract class (\\w+)").matcher(source);
    assertThat(name.find()).isTrue();
    return name.group(1);
  }
}
