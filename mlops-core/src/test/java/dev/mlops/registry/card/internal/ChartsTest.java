package dev.mlops.registry.card.internal;

import static dev.mlops.registry.card.internal.SampleCard.lines;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The unit square is 260 wide and high; its upper left corner is at (58, 12). */
class ChartsTest {
  private static final double[][] DIAGONAL = {{0, 0}, {1, 1}};

  @Test
  void unit_ofACurve_drawsGridNumbersTitlesReferenceAndCurve() {
    String svg = Charts.unit(
        "ROC <curve>",
        "x & more",
        "y",
        List.of(new double[] {0, 0}, new double[] {0.25, 0.9}, new double[] {1, 1}),
        DIAGONAL,
        false);

    assertThat(lines(svg)).isEqualTo("""
            <svg viewBox="0 0 332 316" role="img" aria-label="ROC &lt;curve&gt;">
            <line class="grid" x1="58" y1="12" x2="58" y2="272"/>
            <line class="grid" x1="58" y1="272" x2="318" y2="272"/>
            <text x="58" y="288" text-anchor="middle">0</text>
            <text x="52" y="276" text-anchor="end">0</text>
            <line class="grid" x1="123" y1="12" x2="123" y2="272"/>
            <line class="grid" x1="58" y1="207" x2="318" y2="207"/>
            <text x="123" y="288" text-anchor="middle">0.25</text>
            <text x="52" y="211" text-anchor="end">0.25</text>
            <line class="grid" x1="188" y1="12" x2="188" y2="272"/>
            <line class="grid" x1="58" y1="142" x2="318" y2="142"/>
            <text x="188" y="288" text-anchor="middle">0.50</text>
            <text x="52" y="146" text-anchor="end">0.50</text>
            <line class="grid" x1="253" y1="12" x2="253" y2="272"/>
            <line class="grid" x1="58" y1="77" x2="318" y2="77"/>
            <text x="253" y="288" text-anchor="middle">0.75</text>
            <text x="52" y="81" text-anchor="end">0.75</text>
            <line class="grid" x1="318" y1="12" x2="318" y2="272"/>
            <line class="grid" x1="58" y1="12" x2="318" y2="12"/>
            <text x="318" y="288" text-anchor="middle">1</text>
            <text x="52" y="16" text-anchor="end">1</text>
            <text class="axis" x="188" y="308" text-anchor="middle">x &amp; more</text>
            <text class="axis" transform="translate(12 142) rotate(-90)" \
            text-anchor="middle">y</text>
            <polyline class="reference" points="58.0,272.0 318.0,12.0 "/>
            <polyline class="curve" points="58.0,272.0 123.0,38.0 318.0,12.0 "/>
            </svg>""");
  }

  @Test
  void unit_withDots_marksEachPointAndSaysWhatItIs() {
    String svg = Charts.unit(
        "Calibration",
        "x",
        "y",
        List.of(new double[] {0.25, 0.5, 12}, new double[] {0.75, 1, 3}),
        DIAGONAL,
        true);

    assertThat(lines(svg)).endsWith("""
            <polyline class="curve" points="123.0,142.0 253.0,12.0 "/>
            <circle class="dot" cx="123.0" cy="142.0" r="4">
            <title>mean score 0.250, share of positives 0.500, 12 rows</title>
            </circle>
            <circle class="dot" cx="253.0" cy="12.0" r="4">
            <title>mean score 0.750, share of positives 1.000, 3 rows</title>
            </circle>
            </svg>""");
  }

  @Test
  void unit_withoutPoints_drawsAnEmptyCurve() {
    String svg = Charts.unit("ROC", "x", "y", List.of(), DIAGONAL, true);

    assertThat(svg).endsWith("<polyline class=\"curve\" points=\"\"/></svg>");
  }

  @Test
  void importance_ofThreeFeatures_drawsBarsByAbsoluteSize() {
    var importance = new LinkedHashMap<String, Double>();
    importance.put("age", 0.1);
    importance.put("noise", 0.0);
    importance.put("income", -0.4);

    String svg = Charts.importance(importance);

    assertThat(lines(svg)).isEqualTo("""
            <svg class="wide" viewBox="0 0 720 76" role="img" aria-label="Feature importance">
            <text x="218" y="17" text-anchor="end">income<title>income</title>
            </text>
            <rect class="bar negative" x="226" y="5" width="400.0" height="16" rx="2"/>
            <text x="632.0" y="17">-0.4000</text>
            <text x="218" y="41" text-anchor="end">age<title>age</title>
            </text>
            <rect class="bar" x="226" y="29" width="100.0" height="16" rx="2"/>
            <text x="332.0" y="41">0.1000</text>
            <text x="218" y="65" text-anchor="end">noise<title>noise</title>
            </text>
            <rect class="bar" x="226" y="53" width="0.0" height="16" rx="2"/>
            <text x="232.0" y="65">0.0000</text>
            </svg>""");
  }

  @Test
  void importance_ofZerosOnly_hasBarsWithoutLength() {
    String svg = Charts.importance(Map.of("a", 0.0));

    assertThat(svg).contains("width=\"0.0\"", "<text x=\"232.0\"").doesNotContain("NaN");
  }

  @Test
  void importance_ofSixteenFeatures_showsTheLargestFifteen() {
    var importance = new LinkedHashMap<String, Double>();
    for (int i = 1; i <= 16; i++) {
      importance.put("feature_" + i, (double) i);
    }

    String svg = Charts.importance(importance);

    assertThat(svg).contains("viewBox=\"0 0 720 364\"", ">feature_16<", ">feature_2<");
    assertThat(svg).doesNotContain(">feature_1<");
    assertThat(svg.split("<rect")).hasSize(1 + 15);
  }

  @Test
  void importance_thatIsNoFiniteNumber_isLeftOut() {
    String svg = Charts.importance(
        Map.of("nan", Double.NaN, "infinite", Double.NEGATIVE_INFINITY, "fine", 2.0));

    assertThat(svg)
        .contains("viewBox=\"0 0 720 28\"", ">fine<", "width=\"400.0\"")
        .doesNotContain("nan", "infinite");
  }

  @Test
  void importance_ofALongName_isCutAndHasMoreOfItAsTitle() {
    String svg = Charts.importance(Map.of("<" + "n".repeat(299), 1.0));

    assertThat(svg)
        .contains(">&lt;" + "n".repeat(30) + "…<title>&lt;" + "n".repeat(198) + "…</title>");
  }
}
