package dev.mlops.drift;

import dev.mlops.drift.DriftPolicy.Measure;
import dev.mlops.drift.DriftReport.Verdict;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was found for one feature. Immutable.
 *
 * @param name the feature
 * @param kind what it holds
 * @param verdict the most severe verdict of the findings
 * @param findings what was found, most severe first; empty if there is nothing to say
 * @param evidence the numbers behind the verdict
 * @param reference counts in the reference
 * @param live counts in the live data
 * @param newCategories names that the reference does not have, most frequent first, at most 20
 * @param lostCategories names that the live data lack, most frequent first, at most 20
 * @param distances further distances by name, for reading only
 * @param bins the two distributions over at most 24 bins
 */
public record FeatureDrift(
    String name,
    Columns.Kind kind,
    Verdict verdict,
    List<Finding> findings,
    Evidence evidence,
    Counts reference,
    Counts live,
    List<String> newCategories,
    List<String> lostCategories,
    Map<String, Double> distances,
    List<Bin> bins) {

  /** Creates a result. */
  public FeatureDrift {
    findings = List.copyOf(findings);
    newCategories = List.copyOf(newCategories);
    lostCategories = List.copyOf(lostCategories);
    distances = Map.copyOf(distances);
    bins = List.copyOf(bins);
  }

  /** Why a finding was made. */
  public enum Cause {
    /** The distribution of the values changed. */
    DISTRIBUTION,
    /** The share of missing values changed. */
    MISSING_SHARE,
    /** Every live value is missing. */
    ALL_MISSING,
    /** Categories appeared that the reference does not have. */
    NEW_CATEGORY,
    /** Categories of the reference did not appear. */
    LOST_CATEGORY,
    /** The reference had a single value. */
    CONSTANT_REFERENCE,
    /** The live data have a single value, the reference several. */
    CONSTANT_WINDOW,
    /** Infinite values appeared that the reference does not have. */
    INFINITE_VALUES,
    /** Fewer live values than the policy asks for. */
    TOO_FEW_ROWS,
    /** The reference has no value to compare with. */
    EMPTY_REFERENCE,
    /** The live data lack the column. */
    ABSENT,
    /** The live column holds another kind of value. */
    OTHER_KIND
  }

  /**
   * One finding.
   *
   * @param cause why
   * @param verdict how severe
   * @param message one sentence with the numbers
   */
  public record Finding(Cause cause, Verdict verdict, String message) {}

  /**
   * The numbers behind a verdict.
   *
   * @param test which test or distance
   * @param statistic its value; the middle of the interval if only counters were at hand
   * @param low certified lower bound of the statistic
   * @param high certified upper bound of the statistic
   * @param pValue probability of so large a statistic without drift, above 0 and at most 1
   * @param adjustedPValue the same after the policy's correction over all tests of the report
   * @param effect the effect size that is compared with the policy's minimum, from 0 to 1
   * @param location where a distance between distribution functions is attained
   */
  public record Evidence(
      Measure test,
      double statistic,
      double low,
      double high,
      double pValue,
      double adjustedPValue,
      double effect,
      OptionalDouble location) {}

  /**
   * Counts of values.
   *
   * @param present values that are not missing
   * @param missing missing values
   * @param infinite infinite values among those present
   */
  public record Counts(long present, long missing, long infinite) {
    /**
     * Returns the share of missing values.
     *
     * @return from 0 to 1; 0 if there are no values at all
     */
    public double missingShare() {
      return present + missing == 0 ? 0 : (double) missing / (present + missing);
    }
  }

  /**
   * A bin of the two distributions.
   *
   * @param label the category, or the upper end
   * @param upper the upper end of a numeric bin, inclusive
   * @param referenceShare share of the reference in the bin
   * @param liveShare share of the live data in the bin
   */
  public record Bin(String label, OptionalDouble upper, double referenceShare, double liveShare) {}
}
