package dev.mlops.training.tribuo;

import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import dev.mlops.error.CorruptException;
import dev.mlops.model.ModelFormat;
import dev.mlops.model.Predictor;
import dev.mlops.training.internal.Envelope;
import dev.mlops.training.internal.PipelinePredictor;
import dev.mlops.training.internal.Scorer;
import java.util.Set;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.regression.Regressor;

/**
 * The format {@code tribuo}: a Tribuo protobuf with its transforms. A protobuf names the classes
 * that it wants to be loaded, so it is walked first and every name compared with a fixed list;
 * nothing of a refused model is ever loaded or run. Safe for use by several threads.
 */
public final class TribuoFormat implements ModelFormat {
  /** The format's name. */
  public static final String NAME = "tribuo";

  private final SafeLoader loader;

  /** Creates a format that loads the classes which our own trainers write. */
  public TribuoFormat() {
    this(Set.of());
  }

  /**
   * Creates a format that also loads models of further classes.
   *
   * @param allowedClasses full names of Tribuo classes that the caller trusts, as written in the
   *     protobuf
   */
  public TribuoFormat(Set<String> allowedClasses) {
    loader = new SafeLoader(allowedClasses);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Predictor read(byte[] content, Schema schema) {
    Envelope.Content envelope = Envelope.read(content, schema);
    Scorer scorer = scorer(loader.load(envelope.model()), envelope, schema);
    return new PipelinePredictor(envelope.pipeline(), scorer, envelope.calibration(), NAME);
  }

  private static Scorer scorer(Model<?> model, Envelope.Content envelope, Schema schema) {
    try {
      var features = envelope.pipeline().featureNames();
      return schema.target() instanceof Target.Classes classes
          ? new ClassScorer(
              model.castModel(Label.class),
              features,
              classes.classes(),
              envelope.probabilities(),
              schema)
          : new QuantityScorer(model.castModel(Regressor.class), features, schema);
    } catch (ClassCastException e) {
      throw new CorruptException(
          "the model does not predict label '" + schema.target().name() + "'", e);
    }
  }
}
