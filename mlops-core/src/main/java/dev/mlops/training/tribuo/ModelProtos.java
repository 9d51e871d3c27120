package dev.mlops.training.tribuo;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.oracle.labs.mlrg.olcut.config.protobuf.protos.RootProvenanceProto;
import dev.mlops.error.CorruptException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tribuo.common.libsvm.protos.SVMModelProto;
import org.tribuo.protos.core.ModelProto;

/*
 * Walks a model's protobuf without loading anything that it names.
 *
 * Tribuo's messages refer to classes in fields called class_name and hide further messages in Any
 * fields. Every class name is compared with the allowed ones, every Any is unpacked only if it
 * holds a message of a known type, and unknown fields are refused, so no part of the file escapes
 * the walk. Provenance names classes in many more ways and is not needed to predict: it is replaced
 * by one constant, which also makes the bytes of equal models equal.
 */
final class ModelProtos {
  private static final String TYPE_PREFIX = "type.googleapis.com/";
  private static final String XGBOOST = "tribuo.common.xgboost.XGBoostModelProto";
  private static final int MAX_DEPTH = 64;

  private final Set<String> allowed;
  private final Map<String, Message> types = KnownTypes.byName();

  ModelProtos(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Returns the model with constant provenance, or refuses it. */
  ModelProto cleaned(ModelProto model) {
    return (ModelProto) clean(model, "", "model", 0);
  }

  /** Writes a model so that equal models have equal bytes. */
  static byte[] bytes(ModelProto model) {
    return deterministic(model).toByteArray();
  }

  private Message clean(Message message, String owner, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw new CorruptException(place + ": nested more than " + MAX_DEPTH + " deep");
    }
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw new CorruptException(place + ": unknown fields in the model");
    }
    if (message instanceof RootProvenanceProto) {
      return Provenances.of(owner);
    }
    if (message instanceof Any any) {
      return cleanAny(any, owner, place, depth);
    }
    Message.Builder builder = message.toBuilder();
    String inside = owner;
    for (var entry : message.getAllFields().entrySet()) {
      if (entry.getKey().getName().endsWith("class_name")) {
        inside = requireAllowed((String) entry.getValue(), place);
      }
    }
    if (message.getDescriptorForType().getFullName().equals(XGBOOST)) {
      requireReadable(message, place);
    }
    if (message instanceof SVMModelProto svm) {
      SvmShape.requireSound(svm, place);
    }
    for (var entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        String below = place + "." + field.getName();
        if (field.isRepeated()) {
          List<?> items = (List<?>) entry.getValue();
          for (int i = 0; i < items.size(); i++) {
            builder.setRepeatedField(
                field, i, clean((Message) items.get(i), inside, below, depth + 1));
          }
        } else {
          builder.setField(field, clean((Message) entry.getValue(), inside, below, depth + 1));
        }
      }
    }
    return builder.build();
  }

  /** XGBoost's own bytes go to a native parser, which believes what it reads. */
  private static void requireReadable(Message xgboost, String place) {
    FieldDescriptor models = xgboost.getDescriptorForType().findFieldByName("models");
    for (int i = 0; i < xgboost.getRepeatedFieldCount(models); i++) {
      var bytes = (ByteString) xgboost.getRepeatedField(models, i);
      XgboostBytes.requireOurs(bytes.toByteArray(), place + ".models");
    }
  }

  private String requireAllowed(String className, String place) {
    if (!allowed.contains(className)) {
      throw new CorruptException(
          place + ": class '" + className + "' is not on the list of classes a model may load");
    }
    return className;
  }

  private Message cleanAny(Any any, String owner, String place, int depth) {
    if (any.getTypeUrl().isEmpty() && any.getValue().isEmpty()) {
      return any;
    }
    String url = any.getTypeUrl();
    Message type = types.get(url.substring(url.lastIndexOf('/') + 1));
    if (type == null) {
      throw new CorruptException(place + ": message '" + url + "' is not one that a model holds");
    }
    try {
      Message inner = type.getParserForType().parseFrom(any.getValue());
      return Any.newBuilder()
          .setTypeUrl(TYPE_PREFIX + type.getDescriptorForType().getFullName())
          .setValue(deterministic(clean(inner, owner, place, depth + 1)))
          .build();
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptException(place + ": not a '" + url + "': " + e.getMessage(), e);
    }
  }

  private static ByteString deterministic(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException("an array has room for the size just computed", e);
    }
    return ByteString.copyFrom(bytes);
  }
}
