package dev.mlops.serving;

import static java.util.Objects.requireNonNull;

import dev.mlops.data.Schema;
import dev.mlops.error.InvalidInputException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

/**
 * A champion and its challengers behind one call: a router says for each unit (a user, a card, a
 * session) which model answers. Safe for use by several threads; allocates nothing itself.
 *
 * <p>The router is any function, such as a sticky assignment of an experiment. A unit that it puts
 * nowhere (a negative number), or that it fails on, is answered by the champion.
 *
 * @param <K> what is routed by
 */
public final class RoutedModel<K> {
  private final LiveModel[] arms;
  private final ToIntFunction<? super K> router;
  private final Schema schema;
  private final LongAdder misrouted = new LongAdder();

  private RoutedModel(List<LiveModel> arms, ToIntFunction<? super K> router) {
    this.arms = arms.toArray(LiveModel[]::new);
    this.router = requireNonNull(router, "router");
    if (arms.isEmpty()) {
      throw new InvalidInputException("routing needs a champion, got no model");
    }
    this.schema = this.arms[0].schema();
    for (LiveModel arm : arms) {
      if (!arm.schema().equals(schema)) {
        throw new InvalidInputException(
            arm + " has another signature than the champion " + this.arms[0]);
      }
    }
  }

  /**
   * Routes among models.
   *
   * @param models the champion first, then the challengers; all with one schema
   * @param router gives the position of the model that answers a unit
   * @param <K> what is routed by
   * @return the routed model
   */
  public static <K> RoutedModel<K> of(List<LiveModel> models, ToIntFunction<? super K> router) {
    return new RoutedModel<>(models, router);
  }

  /**
   * Returns the signature that all models share.
   *
   * @return the schema
   */
  public Schema schema() {
    return schema;
  }

  /**
   * Scores one row by the unit's model without allocating.
   *
   * @param unit what is routed by
   * @param row one value per feature in schema order
   * @param scores receives the scores
   * @return the version that answered
   */
  public ServedModel predict(K unit, double[] row, double[] scores) {
    return arm(unit).predict(row, scores);
  }

  /**
   * Scores one row by the unit's model.
   *
   * @param unit what is routed by
   * @param row one value per feature in schema order
   * @return the prediction
   */
  public Prediction predict(K unit, double[] row) {
    return arm(unit).predict(row);
  }

  private LiveModel arm(K unit) {
    int arm;
    try {
      arm = router.applyAsInt(unit);
    } catch (RuntimeException e) {
      misrouted.increment();
      return arms[0];
    }
    if (arm >= arms.length) {
      misrouted.increment();
      return arms[0];
    }
    return arms[Math.max(0, arm)];
  }

  /**
   * Counts units that the router failed on or sent to a model that does not exist.
   *
   * @return how many the champion answered instead
   */
  public long misrouted() {
    return misrouted.sum();
  }
}
