package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.internal.ExpectationCheck;
import dev.mlops.data.internal.ExpectationInference;
import dev.mlops.data.internal.json.ExpectationsJson;
import dev.mlops.error.InvalidInputException;
import java.util.List;

/**
 * What data must look like: inferred from a table that is known to be good, edited by hand as JSON,
 * and checked on new tables before training and on single requests. Immutable, so safe for use by
 * several threads.
 *
 * <pre>{@code
 * Expectations expectations = Expectations.infer(reference);
 * TrainedModel model = recipe.train(expectations.require(table));
 * }</pre>
 */
public final class Expectations {
  private final List<Expectation> rules;

  private Expectations(List<Expectation> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Collects rules.
   *
   * @param rules the rules, copied
   * @return the expectations
   */
  public static Expectations of(List<Expectation> rules) {
    return new Expectations(rules);
  }

  /**
   * Learns rules from a good table: numbers within the observed range widened by a tenth of it on
   * both sides, means within four standard errors but at least a tenth of a standard deviation of
   * the observed one, known categories, a missing share at most what four standard errors allow
   * (none where none was missing), no class rarer than half of what the rarest was, and at least
   * one row.
   *
   * @param reference the good table
   * @return the expectations
   */
  public static Expectations infer(Table reference) {
    return new Expectations(ExpectationInference.infer(requireNonNull(reference, "reference")));
  }

  /**
   * Reads the JSON form.
   *
   * @param json text written by {@link #toJson()} or by hand
   * @return the expectations
   * @throws InvalidInputException if the text does not follow the form; the message names the place
   */
  public static Expectations fromJson(String json) {
    return new Expectations(ExpectationsJson.read(json));
  }

  /**
   * Writes the JSON form, in stable order.
   *
   * @return the text
   */
  public String toJson() {
    return ExpectationsJson.write(rules);
  }

  /**
   * Returns the rules.
   *
   * @return in order
   */
  public List<Expectation> rules() {
    return rules;
  }

  /**
   * Checks a table.
   *
   * @param table the rows
   * @return which rules failed, on which rows and why
   */
  public ValidationReport check(Table table) {
    return ExpectationCheck.table(rules, requireNonNull(table, "table"));
  }

  /**
   * Checks a table and lets it through only if every rule holds.
   *
   * @param table the rows
   * @return the table
   * @throws InvalidInputException if a rule fails; the message tells which and why
   */
  public Table require(Table table) {
    check(table).requirePassed();
    return table;
  }

  /**
   * Checks one request against the rules about single values: ranges, allowed values, and values
   * that may never be missing.
   *
   * @param schema names the values
   * @param row one value per feature in schema order
   * @return what is wrong with it, empty if nothing is
   */
  public List<String> check(Schema schema, double[] row) {
    return ExpectationCheck.row(rules, requireNonNull(schema, "schema"), row);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Expectations other && rules.equals(other.rules);
  }

  @Override
  public int hashCode() {
    return rules.hashCode();
  }

  @Override
  public String toString() {
    return rules.toString();
  }
}
