package dev.mlops.registry.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.store.internal.Json;
import java.util.ArrayList;

/** A schema as JSON. */
final class SchemaJson {
  private SchemaJson() {}

  static ObjectNode write(Schema schema) {
    ObjectNode node = Json.object();
    ArrayNode features = node.putArray("features");
    for (Feature feature : schema.features()) {
      ObjectNode item = features.addObject().put("name", feature.name());
      if (feature instanceof Feature.Categorical categorical) {
        item.put("kind", "categorical");
        categorical.categories().forEach(item.putArray("categories")::add);
      } else {
        item.put("kind", "numeric");
      }
    }
    ObjectNode target = node.putObject("target").put("name", schema.target().name());
    if (schema.target() instanceof Target.Classes classes) {
      target.put("kind", "classes");
      classes.classes().forEach(target.putArray("classes")::add);
    } else {
      target.put("kind", "quantity");
    }
    return node;
  }

  static Schema read(Json node) {
    var features = new ArrayList<Feature>();
    for (Json item : node.children("features")) {
      features.add(
          switch (item.text("kind")) {
            case "numeric" -> new Feature.Numeric(item.text("name"));
            case "categorical" ->
              new Feature.Categorical(item.text("name"), item.texts("categories"));
            default -> throw item.corrupt("kind", "numeric or categorical");
          });
    }
    Json target = node.child("target");
    return new Schema(
        features,
        switch (target.text("kind")) {
          case "classes" -> new Target.Classes(target.text("name"), target.texts("classes"));
          case "quantity" -> new Target.Quantity(target.text("name"));
          default -> throw target.corrupt("kind", "classes or quantity");
        });
  }
}
