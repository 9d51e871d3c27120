package dev.mlops.training.tribuo;

import com.oracle.labs.mlrg.olcut.config.protobuf.ProtoProvenanceSerialization;
import com.oracle.labs.mlrg.olcut.config.protobuf.protos.RootProvenanceProto;
import com.oracle.labs.mlrg.olcut.provenance.ListProvenance;
import com.oracle.labs.mlrg.olcut.provenance.ProvenanceUtil;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.provenance.EnsembleModelProvenance;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.provenance.impl.EmptyDatasetProvenance;
import org.tribuo.provenance.impl.EmptyTrainerProvenance;

/**
 * The constant that stands for Tribuo's provenance in stored models. Where a model comes from is
 * recorded with its run and its version instead.
 */
final class Provenances {
  private static final OffsetDateTime EPOCH =
      OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final String ENSEMBLE = WeightedEnsembleModel.class.getName();
  private static final RootProvenanceProto ENSEMBLE_CONSTANT = proto(new EnsembleModelProvenance(
      ENSEMBLE,
      EPOCH,
      new EmptyDatasetProvenance(),
      new EmptyTrainerProvenance(),
      Map.of(),
      false,
      new ListProvenance<ModelProvenance>()));
  private static final RootProvenanceProto MODEL_CONSTANT = proto(new ModelProvenance(
      "model", EPOCH, new EmptyDatasetProvenance(), new EmptyTrainerProvenance(), Map.of(), false));

  private Provenances() {}

  private static RootProvenanceProto proto(ModelProvenance provenance) {
    return new ProtoProvenanceSerialization(false)
        .serializeToProto(ProvenanceUtil.marshalProvenance(provenance));
  }

  static RootProvenanceProto of(String modelClass) {
    return ENSEMBLE.equals(modelClass) ? ENSEMBLE_CONSTANT : MODEL_CONSTANT;
  }
}
