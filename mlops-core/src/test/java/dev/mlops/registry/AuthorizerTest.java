package dev.mlops.registry;

import static dev.mlops.registry.RegistryFixtures.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops.error.ForbiddenException;
import dev.mlops.error.InvalidInputException;
import dev.mlops.model.ModelRef;
import dev.mlops.registry.Authorizer.Action;
import dev.mlops.store.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizerTest {
  private static final ModelRef.Version FIRST = new ModelRef.Version("fraud", 1);
  private static final ModelRef.Version SECOND = new ModelRef.Version("fraud", 2);

  @TempDir
  Path directory;

  private final ObjectStore store = ObjectStore.inMemory();
  private final List<String> asked = new ArrayList<>();
  private final Set<Action> allowed = EnumSet.allOf(Action.class);
  private final ModelRegistry registry = ModelRegistry.builder(store)
      .actor("eve")
      .authorizer((actor, action, model) -> {
        asked.add(actor + " " + action + " " + model);
        return !actor.equals("eve") || allowed.contains(action);
      })
      .build();
  private ModelVersion version;
  private Path exported;

  @BeforeEach
  void fill() {
    ModelRegistry admin = registry.by("ann");
    version = admin.register("fraud", draft("a", 0.9));
    admin.register("fraud", draft("b", 0.9));
    admin.promote(FIRST, "champion", Gate.open());
    admin.promote(SECOND, "champion", Gate.open());
    admin.tag(FIRST, "k", "v");
    exported = directory.resolve("fraud.mlops");
    admin.exportTo("fraud", exported);
    asked.clear();
  }

  private Map<String, Consumer<ModelRegistry>> verbs() {
    var verbs = new LinkedHashMap<String, Consumer<ModelRegistry>>();
    verbs.put("REGISTER fraud", r -> r.register("fraud", draft("c", 0.9)));
    verbs.put("REGISTER new", r -> r.register("new", draft("c", 0.9)));
    verbs.put("TAG fraud", r -> r.tag(FIRST, "k", "w"));
    verbs.put("TAG fraud (remove)", r -> r.untag(FIRST, "k"));
    verbs.put("ARCHIVE fraud", r -> r.archive(FIRST));
    verbs.put("ARCHIVE fraud (undo)", r -> r.unarchive(FIRST));
    verbs.put("PROMOTE fraud (expected)", r -> r.promote(FIRST, "champion", Gate.open(), 2));
    verbs.put("PROMOTE fraud", r -> r.promote(FIRST, "champion", Gate.open()));
    verbs.put("ROLL_BACK fraud", r -> r.rollback("fraud", "champion"));
    verbs.put("REMOVE_ALIAS fraud", r -> r.removeAlias("fraud", "champion"));
    verbs.put(
        "PROTECT fraud", r -> r.protect("fraud", "champion", Protection.anyOf(1, "bob", "eve")));
    verbs.put("APPROVE fraud", r -> r.approve(FIRST, "champion"));
    verbs.put("IMPORT fraud", r -> r.importFrom(exported, 1 << 20));
    verbs.put("COLLECT_GARBAGE *", r -> r.collectGarbage(Duration.ofDays(1)));
    verbs.put("READ fraud", r -> r.read(version, "model.flat"));
    verbs.put("READ fraud (versions)", r -> r.versions("fraud"));
    verbs.put("READ fraud (find)", r -> r.find(FIRST));
    verbs.put("READ fraud (get)", r -> r.get(SECOND));
    verbs.put("READ fraud (snapshot)", r -> r.snapshot("fraud"));
    verbs.put("READ fraud (at)", r -> r.at("fraud", Instant.EPOCH));
    verbs.put("READ fraud (history)", r -> r.history("fraud"));
    verbs.put("READ fraud (watch)", r -> r.watch("fraud", event -> {}));
    verbs.put("READ fraud (export)", r -> r.exportTo("fraud", directory.resolve("stolen")));
    verbs.put("READ *", ModelRegistry::verify);
    return verbs;
  }

  @Test
  void everyVerb_isRefusedBeforeAnythingHappens() {
    allowed.clear();
    Map<String, byte[]> before = content();

    verbs().forEach((what, verb) -> {
      asked.clear();
      String[] words = what.split(" ");
      assertThatThrownBy(() -> verb.accept(registry))
          .as(what)
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("actor 'eve' may not " + words[0])
          .hasMessageContaining(words[1].equals("*") ? "the whole registry" : words[1]);
      assertThat(asked).as(what).containsExactly("eve " + words[0] + " " + words[1]);
    });

    assertThat(content().keySet()).isEqualTo(before.keySet());
    assertThat(directory.resolve("stolen")).doesNotExist();
  }

  @Test
  void everyVerb_needsNoOtherRightThanItsOwn() {
    verbs().forEach((what, verb) -> {
      allowed.clear();
      allowed.add(Action.valueOf(what.split(" ")[0]));
      verb.accept(registry); // throws nothing
    });
  }

  @Test
  void modelsAndSearch_leaveOutWhatMayNotBeRead() {
    registry.by("ann").register("churn", draft("x", 0.9));
    ModelRegistry fraudOnly = ModelRegistry.builder(store)
        .actor("eve")
        .authorizer((actor, action, model) -> model.equals("fraud"))
        .build();

    assertThat(fraudOnly.models()).containsExactly("fraud");
    assertThat(fraudOnly.search(VersionQuery.all()))
        .extracting(ModelVersion::model)
        .containsOnly("fraud");
    assertThatThrownBy(
            () -> fraudOnly.promote(new ModelRef.Version("fraud", 9), "champion", Gate.open()))
        .hasMessageNotContaining("churn");
  }

  @Test
  void whatTheAuthorizerThrows_reachesTheCaller_andNothingHappens() {
    ModelRegistry broken = ModelRegistry.builder(store)
        .actor("eve")
        .authorizer((actor, action, model) -> {
          throw new IllegalStateException("directory is down");
        })
        .build();
    Map<String, byte[]> before = content();

    assertThatThrownBy(() -> broken.tag(FIRST, "k", "w")).hasMessage("directory is down");
    assertThat(content().keySet()).isEqualTo(before.keySet());
  }

  @Test
  void invalidName_isRefusedBeforeAnybodyIsAsked() {
    assertThatThrownBy(() -> registry.snapshot("../etc")).isInstanceOf(InvalidInputException.class);
    assertThat(asked).isEmpty();
  }

  private Map<String, byte[]> content() {
    var content = new LinkedHashMap<String, byte[]>();
    store.list("").forEach(key -> content.put(key, store.get(key).orElseThrow()));
    return content;
  }
}
