package dev.mlops.tracking.internal;

import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import java.util.Locale;

/**
 * Where a run's objects lie.
 *
 * @param experiment the experiment's name
 * @param number the run's part of its id
 */
record RunKeys(String experiment, String number) {
  static final String ROOT = "experiments/";

  RunKeys {
    ModelRef.requireName("experiment", experiment);
    ModelRef.requireName("run", number);
  }

  static RunKeys parse(String id) {
    int slash = id.indexOf('/');
    if (slash < 0) {
      throw new InvalidInputException("a run id looks like experiment/number, got '" + id + "'");
    }
    return new RunKeys(id.substring(0, slash), id.substring(slash + 1));
  }

  String id() {
    return experiment + "/" + number;
  }

  String prefix() {
    return ROOT + experiment + "/runs/" + number + "/";
  }

  String start() {
    return prefix() + "start.json";
  }

  String end() {
    return prefix() + "end.json";
  }

  String segment(int index) {
    return prefix() + "segments/" + String.format(Locale.ROOT, "%06d.json", index);
  }

  String artifact(String digest) {
    return prefix() + "artifacts/" + digest;
  }
}
