package dev.mlops.training.tribuo.compile;

import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.classification.Label;

/** Translates between a model's own numbering of features and classes and the schema's. */
final class Signature {
  private final Map<String, Integer> inputByName = new HashMap<>();
  private final Map<String, Integer> classByName = new HashMap<>();
  private final int inputs;
  private final int outputs;

  Signature(Schema schema, List<String> inputNames) {
    this.inputs = inputNames.size();
    this.outputs = schema.outputs();
    for (int i = 0; i < inputNames.size(); i++) {
      inputByName.put(inputNames.get(i), i);
    }
    if (schema.target() instanceof Target.Classes target) {
      for (int i = 0; i < target.classes().size(); i++) {
        classByName.put(target.classes().get(i), i);
      }
    }
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  boolean classification() {
    return !classByName.isEmpty();
  }

  int inputOf(ImmutableFeatureMap features, int id) {
    String name = features.get(id).getName();
    Integer input = inputByName.get(name);
    if (input == null) {
      throw new NotCompilable("the model reads feature '" + name + "', which no column gives");
    }
    return input;
  }

  /** The input of each of the model's features, in the model's order. */
  int[] inputsOf(ImmutableFeatureMap features) {
    int[] inputsOf = new int[features.size()];
    for (int id = 0; id < inputsOf.length; id++) {
      inputsOf[id] = inputOf(features, id);
    }
    return inputsOf;
  }

  int classOf(String label) {
    Integer index = classByName.get(label);
    if (index == null) {
      throw new NotCompilable("the model knows class '" + label + "', which the schema does not");
    }
    return index;
  }

  /** The position among the schema's classes of each of the model's classes, in its order. */
  int[] classesOf(Model<Label> model) {
    ImmutableOutputInfo<Label> info = model.getOutputIDInfo();
    if (info.size() != outputs) {
      throw new NotCompilable("the model knows " + info.size() + " classes, the schema " + outputs);
    }
    int[] classes = new int[outputs];
    for (int id = 0; id < outputs; id++) {
      classes[id] = classOf(info.getOutput(id).getLabel());
    }
    return classes;
  }
}
