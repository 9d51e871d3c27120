package dev.mlops.registry.card.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.registry.card.ConfusionTable;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.compare.TestScores;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardMarkdownTest {
  @Test
  void write_ofAFullCard_hasEveryPart() {
    String markdown = CardMarkdown.write(SampleCard.registered());

    assertThat(markdown).isEqualTo(SampleCard.expected("card.md"));
  }

  @Test
  void write_ofANameOnly_hasNoEmptyTables() {
    String markdown = CardMarkdown.write(ModelCard.builder("fraud").build());

    assertThat(markdown).isEqualTo("""
            # Model card: fraud

            ## Intended use

            Not stated.

            ## Limits

            Not stated.

            """);
  }

  @Test
  void write_ofLimits_statesThem() {
    ModelCard card = ModelCard.builder("fraud").limits("Not for <lending>.").build();

    assertThat(CardMarkdown.write(card)).contains("## Limits\n\nNot for &lt;lending>.\n");
  }

  @Test
  void write_ofThreeClasses_hasTruthInRows() {
    var table = new ConfusionTable(
        List.of("a", "b|c", "d"),
        List.of(List.of(5L, 1L, 0L), List.of(2L, 6L, 3L), List.of(0L, 4L, 7L)));

    String markdown =
        CardMarkdown.write(ModelCard.builder("fraud").confusion(table).build());

    assertThat(markdown).endsWith("""
            ## Confusion (rows: truth, columns: prediction)

            | | a | b\\|c | d |
            |---|---:|---:|---:|
            | a | 5 | 1 | 0 |
            | b\\|c | 2 | 6 | 3 |
            | d | 0 | 4 | 7 |

            """);
  }

  @Test
  void write_ofImportance_putsTheLargestFirstAndTheUndeterminedLast() {
    var importance = new LinkedHashMap<String, Double>();
    importance.put("nan", Double.NaN);
    importance.put("small", 0.1);
    importance.put("negative", -0.3);
    importance.put("large", 0.2);

    String markdown =
        CardMarkdown.write(ModelCard.builder("fraud").importance(importance).build());

    assertThat(markdown).endsWith("""
            |---|---:|
            | negative | -0.3000 |
            | large | 0.2000 |
            | small | 0.1000 |
            | nan | not determined |

            """);
  }

  @Test
  void write_ofNamesWithLineBreaks_keepsTheTablesWhole() {
    var scores = TestScores.of(new double[] {0, 1}, new double[] {0.2, 0.7}, "two");
    var table =
        new ConfusionTable(List.of("a\nb", "c\r\nd"), List.of(List.of(1L, 0L), List.of(0L, 1L)));
    ModelCard card = ModelCard.builder("fraud")
        .testScores(scores)
        .groups("shop", List.of("north\neast", "south\rwest"))
        .confusion(table)
        .data("one\r\ntwo", "three\rfour")
        .build();

    String markdown = CardMarkdown.write(card);

    assertThat(markdown)
        .contains("\n| north east | 1 | 0 |", "\n| south west | 1 | 1 |")
        .contains("\n| | a b | c d |\n", "\n| a b | 1 | 0 |\n", "\n| c d | 0 | 1 |\n")
        .contains("\n| one two | three four |\n")
        .doesNotContain("\r");
  }
}
