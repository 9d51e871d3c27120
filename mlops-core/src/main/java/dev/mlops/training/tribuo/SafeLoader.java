package dev.mlops.training.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mlops.error.CorruptException;
import java.util.HashSet;
import java.util.Set;
import org.tribuo.Model;
import org.tribuo.protos.core.ModelProto;

/** Loads a model only after every class that it names was found on a list. */
final class SafeLoader {
  /** More than ten times the largest forest measured; refuses before anything is parsed. */
  private static final int MAX_BYTES = 1 << 29;

  private final ModelProtos protos;
  private final boolean callerTrustsMore;

  SafeLoader(Set<String> allowedClasses) {
    Set<String> allowed = new HashSet<>(KnownClasses.NAMES);
    allowed.addAll(allowedClasses);
    protos = new ModelProtos(allowed);
    callerTrustsMore = !KnownClasses.NAMES.containsAll(allowedClasses);
  }

  Model<?> load(byte[] content) {
    if (content.length > MAX_BYTES) {
      throw new CorruptException(
          "a model must have at most " + MAX_BYTES + " bytes, got " + content.length);
    }
    ModelProto safe;
    try {
      safe = protos.cleaned(ModelProto.parseFrom(content));
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptException("the model is no Tribuo protobuf: " + e.getMessage(), e);
    }
    try {
      return callerTrustsMore
          ? SerialFilter.refusing(() -> Model.deserialize(safe))
          : Model.deserialize(safe);
    } catch (RuntimeException e) {
      throw new CorruptException("the model could not be loaded: " + e.getMessage(), e);
    } catch (NoClassDefFoundError e) {
      throw new dev.mlops.error.UnavailableException(
          "the model needs an optional dependency that is missing: " + e.getMessage(), e);
    }
  }
}
