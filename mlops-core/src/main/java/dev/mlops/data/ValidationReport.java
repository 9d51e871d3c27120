package dev.mlops.data;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.internal.ValidationPage;
import dev.mlops.data.internal.json.ExpectationsJson;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of checking a table. Immutable.
 *
 * @param rows the number of rows checked
 * @param findings one per rule, in the order of the rules
 */
public record ValidationReport(int rows, List<Finding> findings) {

  /** The name of the file that keeps a report with a model version. */
  public static final String FILE_NAME = "validation.json";

  /** How many offending rows a finding lists; all of them are counted. */
  public static final int MAX_EXAMPLES = 20;

  private static final int SHOWN_FAILURES = 5;

  /** Creates a report. */
  public ValidationReport {
    findings = List.copyOf(findings);
  }

  /**
   * What came of one rule.
   *
   * @param rule the rule
   * @param passed whether it holds
   * @param reason what was expected and what was found
   * @param offendingRows how many rows break the rule; 0 for rules about the whole table
   * @param examples the first of them
   */
  public record Finding(
      Expectation rule, boolean passed, String reason, int offendingRows, List<Example> examples) {
    /** Creates a finding. */
    public Finding {
      requireNonNull(rule, "rule");
      requireNonNull(reason, "reason");
      examples = List.copyOf(examples);
    }
  }

  /**
   * A row that breaks a rule.
   *
   * @param row its position, from 0
   * @param value the offending value as text
   */
  public record Example(int row, String value) {}

  /**
   * Tells whether every rule holds.
   *
   * @return true if there is no failure
   */
  public boolean passed() {
    return failures().isEmpty();
  }

  /**
   * Lets the data through only if every rule holds.
   *
   * @return this report
   * @throws InvalidInputException if a rule fails; the message tells which and why
   */
  public ValidationReport requirePassed() {
    if (!passed()) {
      throw new InvalidInputException(failures().size()
          + " of "
          + findings.size()
          + " expectations failed: "
          + failures().stream()
              .limit(SHOWN_FAILURES)
              .map(Finding::reason)
              .collect(Collectors.joining("; ")));
    }
    return this;
  }

  /**
   * Returns what failed.
   *
   * @return the findings that did not pass
   */
  public List<Finding> failures() {
    return findings.stream().filter(finding -> !finding.passed()).toList();
  }

  /**
   * Writes the report as JSON, format version 1.
   *
   * @return the text
   */
  public String toJson() {
    return ExpectationsJson.write(this);
  }

  /**
   * Writes the report as one HTML page that loads nothing from elsewhere.
   *
   * @return the page
   */
  public String toHtml() {
    return ValidationPage.of(this);
  }
}
