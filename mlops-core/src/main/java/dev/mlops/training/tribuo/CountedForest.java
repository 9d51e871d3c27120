package dev.mlops.training.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import dev.mlops.training.TrainingListener;
import java.util.Map;
import org.tribuo.Dataset;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.common.tree.DecisionTreeTrainer;
import org.tribuo.ensemble.BaggingTrainer;
import org.tribuo.ensemble.EnsembleCombiner;

/** A forest that tells of every tree. Not safe for use by several threads. */
final class CountedForest<T extends Output<T>> extends BaggingTrainer<T> {
  private final TrainingListener listener;
  private final boolean randomSplits;
  private int done;

  CountedForest(
      DecisionTreeTrainer<T> tree,
      EnsembleCombiner<T> combiner,
      int trees,
      long seed,
      TrainingListener listener) {
    super(tree, combiner, trees, seed);
    this.listener = listener;
    this.randomSplits = tree.getUseRandomSplitPoints();
  }

  @Override
  protected Model<T> trainSingleModel(
      Dataset<T> examples,
      ImmutableFeatureMap featureIds,
      ImmutableOutputInfo<T> outputIds,
      int seed,
      Map<String, Provenance> provenance,
      int invocation) {
    Model<T> tree =
        super.trainSingleModel(examples, featureIds, outputIds, seed, provenance, invocation);
    listener.progress(TrainingListener.TREES, ++done, numMembers);
    return tree;
  }

  /** The names of Tribuo's own forests; a model's bytes hold them. */
  @Override
  protected String ensembleName() {
    return randomSplits ? "extra-trees-ensemble" : "random-forest-ensemble";
  }
}
