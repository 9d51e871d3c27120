package dev.mlops.registry.card.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops.data.Feature;
import dev.mlops.registry.card.ModelCard;
import dev.mlops.registry.card.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CardTextTest {
  @Test
  void number_ofAnyDouble_hasFourDecimalsOrSaysThatThereIsNone() {
    assertThat(CardText.number(0.12344)).isEqualTo("0.1234");
    assertThat(CardText.number(-1234.5)).isEqualTo("-1234.5000");
    assertThat(CardText.number(Double.NaN)).isEqualTo("not determined");
    assertThat(CardText.number(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }

  @Test
  void cut_ofATextThatJustFits_leavesIt() {
    assertThat(CardText.cut("abcde", 5)).isEqualTo("abcde");
    assertThat(CardText.cut("", 5)).isEmpty();
  }

  @Test
  void cut_ofALongerText_endsWithAnEllipsisWithinTheLimit() {
    assertThat(CardText.cut("abcdef", 5)).isEqualTo("abcd…");
  }

  @Test
  void cut_insideACharacterOfTwoUnits_leavesNoHalfOfIt() {
    assertThat(CardText.cut("abc😀def", 5)).isEqualTo("abc…");
    assertThat(CardText.cut("ab😀def", 5)).isEqualTo("ab😀…");
  }

  @Test
  void orNotStated_ofBlankText_saysSo() {
    assertThat(CardText.orNotStated(" \n")).isEqualTo("Not stated.");
    assertThat(CardText.orNotStated("x")).isEqualTo("x");
  }

  @Test
  void title_beforeAndAfterRegistration_hasTheVersionOnceKnown() {
    assertThat(CardText.title(ModelCard.builder("fraud").build())).isEqualTo("fraud");
    assertThat(CardText.title(SampleCard.registered())).isEqualTo("fraud, version 3");
  }

  @Test
  void registration_withEverything_listsItInOrder() {
    Map<String, String> pairs =
        CardText.registration(SampleCard.registered().registration().orElseThrow());

    assertThat(pairs)
        .containsExactly(
            Map.entry("Registered by", "ann"),
            Map.entry("Registered at", "2026-11-21 12:00:00 UTC"),
            Map.entry("Reason", "drift"),
            Map.entry("Run", "run-7"),
            Map.entry("Tag team", "risk"));
  }

  @Test
  void registration_withoutReasonRunAndTags_leavesThemOut() {
    var registration = new Registration(
        1, "ann", Instant.parse("2026-01-02T03:04:05.6Z"), "", Optional.empty(), Map.of());

    assertThat(CardText.registration(registration))
        .containsExactly(
            Map.entry("Registered by", "ann"),
            Map.entry("Registered at", "2026-01-02 03:04:05 UTC"));
  }

  @Test
  void describe_ofAFeature_saysWhatItsValuesAre() {
    assertThat(CardText.describe(new Feature.Numeric("n"))).isEqualTo("number");
    assertThat(CardText.describe(new Feature.Categorical("c", List.of("a", "b"))))
        .isEqualTo("one of 2 texts");
  }
}
