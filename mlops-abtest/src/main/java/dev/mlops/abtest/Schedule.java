package dev.mlops.abtest;

import dev.mlops.abtest.internal.analysis.Method;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plan allows at one number of units: which method, whether a look is due, whether it is the
 * last. Immutable.
 *
 * @param method turns effects into intervals and p-values
 * @param withheld why only estimates may be shown, if so
 * @param last whether an undecided result means keeping the control
 * @param unitsToNextLook how many more units until the plan allows a look, where that is known
 * @param looks how many looks share the sample ratio's &chi;&sup2; level; 0 if it may not be used
 */
record Schedule(
    Method method,
    Optional<Refusal> withheld,
    boolean last,
    OptionalLong unitsToNextLook,
    int looks) {

  static Schedule of(AnalysisPlan plan, long units, LookHistory earlier) {
    AnalysisPlan.Design design = plan.design();
    if (design instanceof AnalysisPlan.Design.AlwaysValid open) {
      boolean last =
          open.maximumUnits().isPresent() && units >= open.maximumUnits().getAsLong();
      Method method = new Method.AlwaysValid(plan.alpha(), open.tuningUnits());
      return new Schedule(method, Optional.empty(), last, OptionalLong.empty(), 0);
    }
    if (design instanceof AnalysisPlan.Design.GroupSequential group) {
      return groupSequential(group, units, earlier);
    }
    if (design instanceof AnalysisPlan.Design.Bayes bayes) {
      Method method = new Method.Bayes(bayes.prior().mean(), bayes.prior().standardDeviation());
      return oneLook(method, bayes.plannedUnits(), units);
    }
    AnalysisPlan.Design.Fixed fixed = (AnalysisPlan.Design.Fixed) design;
    return oneLook(new Method.FixedHorizon(), fixed.plannedUnits(), units);
  }

  private static Schedule oneLook(Method method, long planned, long units) {
    return units >= planned
        ? new Schedule(method, Optional.empty(), true, OptionalLong.empty(), 1)
        : new Schedule(
            method,
            Optional.of(notReached("%d of %d planned units.".formatted(units, planned))),
            false,
            OptionalLong.of(planned - units),
            0);
  }

  private static Schedule groupSequential(
      AnalysisPlan.Design.GroupSequential plan, long units, LookHistory earlier) {
    int used = earlier.looks().size();
    double planned = plan.plannedUnits();
    double[] fractions = new double[used + 1];
    for (int i = 0; i < used; i++) {
      fractions[i] = Math.min(1, earlier.looks().get(i).units() / planned);
    }
    fractions[used] = Math.min(1, units / planned);
    boolean spent = used >= plan.looks() || (used > 0 && fractions[used - 1] >= 1);
    if (spent) {
      String message = "All %d planned looks have been taken.".formatted(used);
      return new Schedule(
          new Method.GroupSequential(new double[] {1}),
          Optional.of(new Refusal(Refusal.Reason.LOOKS_USED_UP, message)),
          true,
          OptionalLong.empty(),
          0);
    }
    long due = (long) Math.ceil(planned * (used + 1) / plan.looks());
    boolean newInformation = used == 0 || fractions[used] > fractions[used - 1];
    if (units < due || !newInformation) {
      String message = "%d units; look %d is due at %d.".formatted(units, used + 1, due);
      return new Schedule(
          new Method.GroupSequential(new double[] {1}),
          Optional.of(notReached(message)),
          false,
          OptionalLong.of(Math.max(1, due - units)),
          0);
    }
    boolean last = fractions[used] >= 1 || used + 1 == plan.looks();
    if (last) {
      fractions[used] = 1;
    }
    return new Schedule(
        new Method.GroupSequential(fractions),
        Optional.empty(),
        last,
        last ? OptionalLong.empty() : OptionalLong.of(nextAfter(plan, used, units)),
        plan.looks());
  }

  private static long nextAfter(AnalysisPlan.Design.GroupSequential plan, int used, long units) {
    long next = (long) Math.ceil((double) plan.plannedUnits() * (used + 2) / plan.looks());
    return Math.max(1, next - units);
  }

  private static Refusal notReached(String message) {
    return new Refusal(Refusal.Reason.PLANNED_UNITS_NOT_REACHED, message);
  }
}
