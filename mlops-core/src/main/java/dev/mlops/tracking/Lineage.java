package dev.mlops.tracking;

import dev.mlops.tracking.internal.GitHead;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what a run depends on that is not in its parameters. */
public final class Lineage {
  private static final Pattern JAR = Pattern.compile(
      "((?:tribuo|mlops|xgboost|libsvm|liblinear|onnxruntime)[a-zA-Z0-9_.-]*?)-(\\d[^/\\\\]*)\\.jar");

  private Lineage() {}

  /**
   * Describes this process: {@code java.version}, {@code java.vm}, {@code os}, {@code processors},
   * {@code git.commit} of the checkout around a directory, and {@code library.NAME} for the
   * libraries on the class and module path that shape a model.
   *
   * @param directory where to look for a checkout, such as the working directory
   * @return values by name, sorted; a value that cannot be found is absent
   */
  public static Map<String, String> capture(Path directory) {
    var lineage = new TreeMap<String, String>();
    lineage.put("java.version", System.getProperty("java.version", ""));
    lineage.put("java.vm", System.getProperty("java.vm.name", ""));
    lineage.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
    lineage.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    GitHead.find(directory).ifPresent(commit -> lineage.put("git.commit", commit));
    String path = System.getProperty("java.class.path", "")
        + File.pathSeparator
        + System.getProperty("jdk.module.path", "");
    for (String entry : path.split(Pattern.quote(File.pathSeparator))) {
      Matcher jar = JAR.matcher(new File(entry).getName());
      if (jar.matches()) {
        lineage.put("library." + jar.group(1), jar.group(2));
      }
    }
    return lineage;
  }
}
