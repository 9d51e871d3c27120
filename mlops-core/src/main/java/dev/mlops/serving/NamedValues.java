package dev.mlops.serving;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns named values into rows. Immutable, safe for use by several threads. */
final class NamedValues {
  private final Schema schema;
  private final SignatureGuard guard;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<Integer, Map<String, Integer>> categories = new HashMap<>();

  NamedValues(Schema schema, SignatureGuard guard) {
    this.schema = schema;
    this.guard = guard;
    for (int i = 0; i < schema.width(); i++) {
      Feature feature = schema.features().get(i);
      positions.put(feature.name(), i);
      if (feature instanceof Feature.Categorical categorical) {
        Map<String, Integer> index = new HashMap<>();
        categorical.categories().forEach(text -> index.put(text, index.size()));
        categories.put(i, index);
      }
    }
  }

  double[] row(Map<String, ?> values) {
    double[] row = new double[schema.width()];
    int found = 0;
    for (int i = 0; i < row.length; i++) {
      String name = schema.features().get(i).name();
      Object value = values.get(name);
      if (value == null) {
        row[i] = Double.NaN;
        found += values.containsKey(name) ? 1 : 0;
      } else {
        row[i] = number(i, name, value);
        found++;
      }
    }
    if (found < values.size()) {
      for (String name : values.keySet()) {
        if (!positions.containsKey(name)) {
          guard.decide(
              SignatureProblem.EXTRA,
              name,
              () -> "the model has no feature '" + SafeText.of(name, 64) + "'; features are "
                  + positions.keySet());
        }
      }
    }
    return row;
  }

  private double number(int i, String name, Object value) {
    Map<String, Integer> index = categories.get(i);
    if (index == null) {
      return value instanceof Number number
          ? number.doubleValue()
          : wrongType(name, "a number", value);
    }
    if (value instanceof CharSequence || value instanceof Boolean) {
      return index.getOrDefault(value.toString(), Schema.UNKNOWN_CATEGORY);
    }
    return value instanceof Enum<?> constant
        ? index.getOrDefault(constant.name(), Schema.UNKNOWN_CATEGORY)
        : wrongType(name, "a text", value);
  }

  private double wrongType(String name, String expected, Object value) {
    guard.decide(
        SignatureProblem.WRONG_TYPE,
        name,
        () -> "feature '" + name + "' must be " + expected + ", got a "
            + value.getClass().getSimpleName());
    return Double.NaN; // from here on it is a missing value
  }

  static Map<String, @Nullable Object> of(Record values) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (RecordComponent component : Components.OF.get(values.getClass())) {
      try {
        map.put(component.getName(), component.getAccessor().invoke(values));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new InvalidInputException(
            "component '" + component.getName() + "' of " + values.getClass().getName()
                + " cannot be read",
            e);
      }
    }
    return map;
  }

  /** The components of record classes, looked up once each. */
  private static final class Components extends ClassValue<RecordComponent[]> {
    static final Components OF = new Components();

    @Override
    protected RecordComponent[] computeValue(Class<?> type) {
      RecordComponent[] components = Objects.requireNonNull(type.getRecordComponents());
      for (RecordComponent component : components) {
        component.getAccessor().trySetAccessible();
      }
      return components;
    }
  }
}
