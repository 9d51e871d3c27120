package dev.mlops.registry.card.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.compare.TestScores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a page leaves out of long lists and texts, and what it says about that. */
class CardHtmlSizeTest {
  private static final String MORE = " more; all are in the JSON form of this card.</p>";

  @Test
  void write_ofAPageOfJustTheLimit_showsItWhole() {
    String html = page(wide(300_000 - bytes(page(wide(0)))));

    assertThat(bytes(html)).isEqualTo(300_000);
    assertThat(html).contains("€".repeat(2000)).doesNotContain("…");
  }

  @Test
  void write_ofAPageOneByteLonger_cutsItsTexts() {
    String html = page(wide(300_001 - bytes(page(wide(0)))));

    assertThat(bytes(html)).isLessThan(50_000);
    assertThat(html)
        .contains("€".repeat(199) + "…</td>")
        .contains("<p class=\"note\">and 20" + MORE);
  }

  @Test
  void write_of100Entries_showsAll() {
    String html = page(card(100, 0));

    assertThat(html).contains("data 99<").doesNotContain("class=\"note\"");
  }

  @Test
  void write_of101Entries_saysThatOneIsMissing() {
    String html = page(card(101, 0));

    assertThat(html)
        .contains("data 99<", "</table><p class=\"note\">and 1" + MORE + "</main>")
        .doesNotContain("data 100<");
  }

  @Test
  void write_of101Metrics_saysThatOneIsMissing() {
    String html = page(card(0, 101));

    assertThat(html)
        .contains("metric 99<", "</table><p class=\"note\">and 1" + MORE + "<p")
        .doesNotContain("metric 100<");
  }

  @Test
  void write_of102Columns_showsTheTargetAndSaysThatTwoAreMissing() {
    List<Feature> features = IntStream.range(0, 102)
        .<Feature>mapToObj(i -> new Feature.Numeric("column " + i))
        .toList();
    ModelCard card = ModelCard.builder("fraud")
        .schema(new Schema(features, new Target.Quantity("price")))
        .build();

    assertThat(page(card))
        .contains(
            "column 99<", "price</td><td>target</td></tr></table><p class=\"note\">and 2" + MORE)
        .doesNotContain("column 100<");
  }

  @Test
  void write_of15And16Features_saysWhenOneIsNotDrawn() {
    assertThat(page(importance(15))).contains("<svg").doesNotContain("largest of");
    assertThat(page(importance(16)))
        .contains("</svg></div><p class=\"note\">The 15 largest of 16; all are in the JSON form");
  }

  @Test
  void write_of21Classes_showsTheMostFrequent20InTheirOrder() {
    String html = page(classes(21));

    // class i has 21 * i rows, so class 0 is the rarest
    assertThat(html)
        .contains("<tr><th></th><th>c1</th><th>c2</th>", "<th>c20</th></tr>")
        .contains("</table><p class=\"note\">The 20 most frequent of 21 classes; all are in the")
        .doesNotContain("c0<");
  }

  @Test
  void write_of20Classes_showsAll() {
    assertThat(page(classes(20)))
        .contains("<th>c0</th>", "<th>c19</th>")
        .doesNotContain("class=\"note\"");
  }

  @Test
  void write_of100Groups_showsAllInAlphabeticalOrder() {
    String html = groups(100);

    assertThat(html).contains(">g001<", ">g100<").doesNotContain(MORE);
    assertThat(html.indexOf(">g001<")).isLessThan(html.indexOf(">g100<"));
  }

  @Test
  void write_of101Groups_showsTheLargest100() {
    String html = groups(101);

    // g101 has two rows, all others one; of those the first in the alphabet are kept
    assertThat(html)
        .contains("</th></tr><tr><td>g101</td><td class=\"n\">2</td>", ">g099<")
        .contains("</table><p class=\"note\">and 1" + MORE)
        .doesNotContain(">g100<");
  }

  /** So many groups of one row, the last of two; of one class only, which needs little drawing. */
  private static String groups(int count) {
    List<String> names = new ArrayList<>(
        IntStream.rangeClosed(1, count).mapToObj("g%03d"::formatted).toList());
    names.add(names.get(count - 1));
    double[] scores = DoubleStream.generate(() -> 0.25).limit(names.size()).toArray();
    TestScores rows = TestScores.of(new double[scores.length], scores, "rows");
    return page(
        ModelCard.builder("fraud").testScores(rows).groups("shop", names).build());
  }

  private static ModelCard classes(int count) {
    var counts = new ArrayList<List<Long>>();
    for (int i = 0; i < count; i++) {
      counts.add(Collections.nCopies(count, (long) i));
    }
    List<String> names = IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
    return ModelCard.builder("fraud")
        .confusion(new ConfusionTable(names, counts))
        .build();
  }

  private static ModelCard importance(int features) {
    var importance = new LinkedHashMap<String, Double>();
    IntStream.rangeClosed(1, features).forEach(i -> importance.put("f" + i, (double) i));
    return ModelCard.builder("fraud").importance(importance).build();
  }

  private static ModelCard card(int data, int metrics) {
    var builder = ModelCard.builder("fraud");
    IntStream.range(0, data).forEach(i -> builder.data("data " + i, "value"));
    var values = new LinkedHashMap<String, Double>();
    IntStream.range(0, metrics).forEach(i -> values.put("metric " + i, 0.5));
    return builder.metrics(values).build();
  }

  /** A page of 240 kB and so many bytes more. */
  private static ModelCard wide(int more) {
    var builder = ModelCard.builder("fraud");
    for (int i = 0; i < 40; i++) {
      int part = Math.min(1900, Math.max(0, more - i * 1900));
      builder.data("row " + i, i < 39 ? "€".repeat(2000) : "last");
      builder.lineage(Map.of("row " + i, "x".repeat(part)));
    }
    return builder.build();
  }

  private static String page(ModelCard card) {
    return CardHtml.write(card, Optional.empty());
  }

  private static int bytes(String html) {
    return html.getBytes(UTF_8).length;
  }
}
