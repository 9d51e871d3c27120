package dev.mlops.registry.card.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import dev.mlops.registry.compare.TestScores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CardHtmlTest {
  @Test
  void write_ofAFullCard_hasEveryPart() {
    String html = CardHtml.write(SampleCard.registered(), Optional.of(SampleCard.evaluation()));

    assertThat(withoutStyleAndCharts(html)).isEqualTo(SampleCard.expected("card.html"));
  }

  @Test
  void write_ofAFullCard_drawsItsFourCharts() {
    String html = CardHtml.write(SampleCard.registered(), Optional.of(SampleCard.evaluation()));

    assertThat(html)
        .contains("<polyline class=\"reference\" points=\"58.0,272.0 318.0,12.0 \"/>"
            + "<polyline class=\"curve\" points=\"58.0,272.0 58.0,142.0 188.0,142.0 188.0,12.0"
            + " 318.0,12.0 \"/></svg>")
        .contains("<polyline class=\"reference\" points=\"58.0,142.0 318.0,142.0 \"/>"
            + "<polyline class=\"curve\" points=\"58.0,12.0 188.0,12.0 188.0,142.0 318.0,98.7"
            + " 318.0,142.0 \"/></svg>")
        .contains("points=\"84.0,272.0 149.0,12.0 162.0,272.0 266.0,12.0 \"/><circle")
        .contains(Charts.importance(SampleCard.registered().importance()));
  }

  @Test
  void write_ofANameOnly_hasNoEmptyTables() {
    String html = CardHtml.write(ModelCard.builder("fraud").build(), Optional.empty());

    assertThat(withoutStyleAndCharts(html)).endsWith("""
            <h1>fraud</h1>
            <p>Model card</p>
            </header>
            <section class="two">
            <div class="box">
            <h3>Intended use</h3>
            <p>Not stated.</p>
            </div>
            <div class="box">
            <h3>Limits</h3>
            <p>Not stated.</p>
            </div>
            </section>
            </main>
            </body>
            </html>
            """);
  }

  @Test
  void write_ofTextsWithBlankLines_hasParagraphs() {
    ModelCard card = ModelCard.builder("fraud")
        .limits(" one\ntwo \r\n \r\nthree\n\n\n<four>")
        .build();

    String html = CardHtml.write(card, Optional.empty());

    assertThat(html)
        .contains("<h3>Limits</h3><p>one\ntwo</p><p>three</p><p>&lt;four&gt;</p></div>");
  }

  @Test
  void write_ofOnePositiveInFour_drawsTheGuessAtItsShare() {
    TestScores scores =
        TestScores.of(new double[] {0, 0, 0, 1}, new double[] {0.2, 0.2, 0.2, 0.7}, "four");
    CardEvaluation evaluation = CardEvaluation.of(scores, "", List.of());

    String html = CardHtml.write(ModelCard.builder("fraud").build(), Optional.of(evaluation));

    assertThat(html)
        .contains("tested on 4 rows, 1 positive (25.0 %)")
        .contains("<polyline class=\"reference\" points=\"58.0,207.0 318.0,207.0 \"/>")
        .doesNotContain("<h2>By", "Confusion");
  }

  @Test
  void write_ofAnIntervalBeyondOne_drawsNoRange() {
    // log loss of either row is ln 100, about 4.6; accuracy is 0 for certain
    TestScores scores = TestScores.of(new double[] {0, 1}, new double[] {0.99, 0.01}, "two");
    ModelCard card = ModelCard.builder("fraud").testScores(scores).build();

    String html = CardHtml.write(card, Optional.empty());

    assertThat(html)
        .contains("log_loss</td><td class=\"n\">4.6052</td><td class=\"n\">4.6052 – 4.6052</td>"
            + "<td class=\"w\"></td>")
        .contains("accuracy</td><td class=\"n\">0.0000</td><td class=\"n\">0.0000 – 0.0000</td>"
            + "<td class=\"w\"><div class=\"range\"><i style=\"left:0.0%;width:0.5%\"></i>"
            + "<b style=\"left:0.0%\"></b></div></td>");
  }

  @Test
  void write_ofAConfusionTableOnly_colorsByTheShareOfTheTrueClass() {
    var table = new ConfusionTable(
        List.of("<a>", "b", "none"),
        List.of(List.of(1600L, 300L, 100L), List.of(1L, 4L, 0L), List.of(0L, 0L, 0L)));
    ModelCard card = ModelCard.builder("fraud").confusion(table).build();

    String html = CardHtml.write(card, Optional.empty());

    assertThat(withoutStyleAndCharts(html)).endsWith("""
            </section>
            <h2>Confusion</h2>
            <div class="figure">
            <table class="confusion">
            <tr>
            <th>
            </th>
            <th>&lt;a&gt;</th>
            <th>b</th>
            <th>none</th>
            </tr>
            <tr>
            <th class="row">&lt;a&gt;</th>
            <td style="background:rgba(31,111,235,0.42)">1,600<small>80.0 %</small>
            </td>
            <td style="background:rgba(194,65,12,0.14)">300<small>15.0 %</small>
            </td>
            <td style="background:rgba(194,65,12,0.10)">100<small>5.0 %</small>
            </td>
            </tr>
            <tr>
            <th class="row">b</th>
            <td style="background:rgba(194,65,12,0.16)">1<small>20.0 %</small>
            </td>
            <td style="background:rgba(31,111,235,0.42)">4<small>80.0 %</small>
            </td>
            <td style="background:rgba(194,65,12,0.08)">0<small>0.0 %</small>
            </td>
            </tr>
            <tr>
            <th class="row">none</th>
            <td style="background:rgba(194,65,12,0.08)">0<small>0.0 %</small>
            </td>
            <td style="background:rgba(194,65,12,0.08)">0<small>0.0 %</small>
            </td>
            <td style="background:rgba(31,111,235,0.08)">0<small>0.0 %</small>
            </td>
            </tr>
            </table>
            </div>
            </main>
            </body>
            </html>
            """);
  }

  @Test
  void write_ofAnEndlessActor_staysBelowTheLimit() {
    var registration =
        new Registration(1, "a".repeat(400_000), Instant.EPOCH, "", Optional.empty(), Map.of());
    ModelCard card = ModelCard.builder("fraud")
        .build()
        .registered(registration, SampleCard.SCHEMA, Map.of(), Map.of());

    String html = CardHtml.write(card, Optional.empty());

    assertThat(html.getBytes(UTF_8).length).isLessThan(20_000);
    assertThat(html).contains(" by " + "a".repeat(1999) + "…</p>");
  }

  private static String withoutStyleAndCharts(String html) {
    return SampleCard.lines(html.replaceAll("(?s)<style>.*</style>", "<style/>")
        .replaceAll("(?s)<svg.*?</svg>", "<svg/>"));
  }
}
