package dev.mlops.abtest.internal.analysis;

/** One unit's outcomes, by the position that {@link OutcomeNames} gives each name. */
public interface UnitOutcomes {
  /** Sum of the outcome's values, 0 if there are none. */
  double sum(int outcome);

  /** How many values there are. */
  int count(int outcome);
}
