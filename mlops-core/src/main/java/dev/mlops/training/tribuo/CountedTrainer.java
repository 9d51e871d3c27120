package dev.mlops.training.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.Provenance;
import dev.mlops.training.TrainingListener;
import java.util.Map;
import org.tribuo.Dataset;
import org.tribuo.Model;
import org.tribuo.Output;
import org.tribuo.Trainer;
import org.tribuo.WeightedExamples;
import org.tribuo.provenance.TrainerProvenance;

/**
 * Trains the members of an ensemble, which take weighted examples, and tells of each. Not safe for
 * use by several threads.
 */
final class CountedTrainer<T extends Output<T>> implements Trainer<T>, WeightedExamples {
  private final Trainer<T> member;
  private final int members;
  private final TrainingListener listener;
  private int done;

  CountedTrainer(Trainer<T> member, int members, TrainingListener listener) {
    this.member = member;
    this.members = members;
    this.listener = listener;
  }

  @Override
  public Model<T> train(Dataset<T> examples, Map<String, Provenance> provenance) {
    return counted(member.train(examples, provenance));
  }

  @Override
  public Model<T> train(Dataset<T> examples, Map<String, Provenance> provenance, int invocation) {
    return counted(member.train(examples, provenance, invocation));
  }

  private Model<T> counted(Model<T> model) {
    listener.progress(TrainingListener.TREES, ++done, members);
    return model;
  }

  @Override
  public int getInvocationCount() {
    return member.getInvocationCount();
  }

  @Override
  public void setInvocationCount(int count) {
    member.setInvocationCount(count);
  }

  @Override
  public TrainerProvenance getProvenance() {
    return member.getProvenance();
  }
}
