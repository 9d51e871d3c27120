package dev.mlops.mlflow.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.mlflow.MlflowRules;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MlflowNamesTest {
  private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-F]{4})_");

  @Test
  void names_thatMlflowTakes_stayAsTheyAre() {
    for (String name : List.of("roc_auc", "val/loss", "a b", "x.y-z", "_x", "Präzision", "a/.b")) {
      assertThat(MlflowNames.entry(name)).isEqualTo(name);
      assertThat(MlflowNames.userTag(name)).isEqualTo(name);
      assertThat(MlflowNames.file(name)).isEqualTo(name);
    }
    assertThat(MlflowNames.alias("champion_2-x")).isEqualTo("champion_2-x");
    assertThat(MlflowNames.file("notes & more.txt")).isEqualTo("notes & more.txt");
  }

  @Test
  void names_thatMlflowRefuses_areWrittenOut() {
    assertThat(MlflowNames.entry("precision@10")).isEqualTo("precision_x0040_10");
    assertThat(MlflowNames.entry("a//b")).isEqualTo("a_x002F__x002F_b");
    assertThat(MlflowNames.entry("../up")).isEqualTo("_x002E_._x002F_up");
    assertThat(MlflowNames.entry("auc (val)")).isEqualTo("auc _x0028_val_x0029_");
    assertThat(MlflowNames.entry("a_x0040_b")).isEqualTo("a_x005F_x0040_b");
    assertThat(MlflowNames.userTag("mlops.version")).isEqualTo("_x006D_lops.version");
    assertThat(MlflowNames.alias("latest")).isEqualTo("_x006C_atest");
    assertThat(MlflowNames.alias("Latest")).isEqualTo("_x004C_atest");
    assertThat(MlflowNames.alias("v1")).isEqualTo("_x0076_1");
    assertThat(MlflowNames.alias("prod.eu")).isEqualTo("prod_x002E_eu");
    assertThat(MlflowNames.file("a%2Fb#c")).isEqualTo("a_x0025_2Fb_x0023_c");
  }

  @Test
  void anyName_isTaken_comesBackAndStaysDifferent() {
    long seed = 20_261_121;
    var random = new SplittableRandom(seed);
    String[] pieces = {
      "a",
      "_",
      "x",
      "0041",
      "x0041",
      "_x0041_",
      "/",
      ".",
      "..",
      "@",
      "%",
      "#",
      "\\",
      " ",
      "é",
      "\uD83D\uDE00",
      ":",
      "mlops.",
      "v",
      "1",
      "-"
    };
    var names = new HashMap<String, String>();
    var tags = new HashMap<String, String>();
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(1, 8); n > 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String name = text.toString();
      String there = MlflowNames.entry(name);
      MlflowRules.name("metric", there);
      MlflowRules.name("tag", MlflowNames.userTag(name));
      MlflowRules.alias(MlflowNames.alias(name));
      String file = MlflowNames.file(name);
      assertThat(MlflowRules.file("root/" + file)).isEqualTo("root/" + file);
      assertThat(back(there)).as("seed %s", seed).isEqualTo(name);
      assertThat(back(file)).isEqualTo(name);
      assertThat(back(MlflowNames.alias(name))).isEqualTo(name);
      assertThat(names.merge(there, name, (a, b) -> b)).isEqualTo(name);
      assertThat(back(MlflowNames.userTag(name))).isEqualTo(name);
      assertThat(MlflowNames.userTag(name)).doesNotStartWith("mlops.");
      tags.put(MlflowNames.userTag(name), name);
    }
    assertThat(tags).hasSize(names.size());
  }

  private static String back(String there) {
    return ESCAPED.matcher(there).replaceAll(match -> {
      String c = Character.toString((char) Integer.parseInt(match.group(1), 16));
      return java.util.regex.Matcher.quoteReplacement(c);
    });
  }

  @Test
  void longNames_areCutAndToldApart() {
    String a = "@".repeat(249) + "a";
    String b = "@".repeat(249) + "b";
    for (String name : List.of(a, b, "mlops." + "é".repeat(244), "/" + "a".repeat(249))) {
      MlflowRules.name("metric", MlflowNames.entry(name));
      MlflowRules.name("tag", MlflowNames.userTag(name));
      MlflowRules.alias(MlflowNames.alias(name));
    }
    assertThat(MlflowNames.entry(a)).isNotEqualTo(MlflowNames.entry(b)).hasSize(250);
  }

  @Test
  void longText_isCutWithAMark_andNotWithinACharacter() {
    String text = MlflowNames.text("\uD83D\uDE00".repeat(3000), 5000);

    assertThat(text).hasSizeBetween(4999, 5000).endsWith("\uD83D\uDE00 ... (6000 characters)");
    assertThat(MlflowNames.text("short", 5)).isEqualTo("short");
  }
}
