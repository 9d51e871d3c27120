package dev.mlops.training.tribuo;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Walks down a protobuf as the data say and changes one value, several times. */
final class ProtoEdits {
  private static final Map<String, Message> TYPES = KnownTypes.byName();
  private static final List<String> CLASSES = KnownClasses.NAMES.stream().sorted().toList();
  private static final int[] NUMBERS = {0, 1, 2, -1, 7, 1 << 16, 1 << 28, Integer.MAX_VALUE};
  private static final double[] REALS = {
    0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE
  };

  private ProtoEdits() {}

  static <M extends Message> M apply(M message, FuzzedDataProvider data) {
    M edited = message;
    for (int n = data.consumeInt(1, 3); n > 0; n--) {
      edited = edit(edited, data);
    }
    return edited;
  }

  private static <M extends Message> M edit(M message, FuzzedDataProvider data) {
    if (message instanceof Any any && TYPES.containsKey(name(any))) {
      return sameType(message, editAny(any, data));
    }
    List<FieldDescriptor> fields = new ArrayList<>(message.getDescriptorForType().getFields());
    if (fields.isEmpty()) {
      return message;
    }
    FieldDescriptor field = data.pickValue(fields);
    Message.Builder builder = message.toBuilder();
    if (field.isMapField() || data.consumeProbabilityFloat() < 0.05f) {
      return sameType(message, builder.clearField(field).build());
    }
    if (!field.isRepeated()) {
      builder.setField(field, value(field, message.getField(field), data));
    } else {
      int size = message.getRepeatedFieldCount(field);
      int at = size == 0 ? 0 : data.consumeInt(0, size - 1);
      if (size == 0) {
        return message;
      } else if (data.consumeProbabilityFloat() < 0.1f) {
        builder.addRepeatedField(field, message.getRepeatedField(field, at));
      } else {
        builder.setRepeatedField(
            field, at, value(field, message.getRepeatedField(field, at), data));
      }
    }
    return sameType(message, builder.build());
  }

  @SuppressWarnings("unchecked") // a builder builds what it was made from
  private static <M extends Message> M sameType(M before, Message after) {
    return (M) after;
  }

  private static Object value(FieldDescriptor field, Object now, FuzzedDataProvider data) {
    return switch (field.getJavaType()) {
      case MESSAGE -> edit((Message) now, data);
      case INT -> data.consumeBoolean() ? data.pickValue(NUMBERS) : data.consumeInt();
      case LONG -> data.consumeBoolean() ? (long) data.pickValue(NUMBERS) : data.consumeLong();
      case FLOAT -> (float) data.pickValue(REALS);
      case DOUBLE -> data.consumeBoolean() ? data.pickValue(REALS) : data.consumeDouble();
      case BOOLEAN -> data.consumeBoolean();
      case STRING -> data.consumeBoolean() ? data.pickValue(CLASSES) : data.consumeString(40);
      case BYTE_STRING -> bytes((ByteString) now, data);
      case ENUM -> now;
    };
  }

  /** Numbers in arrays are bytes in these messages: whole words change, and the length. */
  private static ByteString bytes(ByteString now, FuzzedDataProvider data) {
    byte[] bytes = now.toByteArray();
    if (bytes.length == 0 || data.consumeProbabilityFloat() < 0.1f) {
      return ByteString.copyFrom(data.consumeBytes(64));
    }
    int from = data.consumeInt(0, bytes.length - 1);
    byte[] patch = data.consumeBytes(8);
    System.arraycopy(patch, 0, bytes, from, Math.min(patch.length, bytes.length - from));
    return ByteString.copyFrom(bytes);
  }

  private static String name(Any any) {
    return any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
  }

  private static Any editAny(Any any, FuzzedDataProvider data) {
    if (data.consumeProbabilityFloat() < 0.02f) {
      String other = data.pickValue(TYPES.keySet().stream().sorted().toList());
      return any.toBuilder().setTypeUrl("type.googleapis.com/" + other).build();
    }
    try {
      Message type = Objects.requireNonNull(TYPES.get(name(any)));
      Message inner = type.getParserForType().parseFrom(any.getValue());
      return any.toBuilder().setValue(edit(inner, data).toByteString()).build();
    } catch (InvalidProtocolBufferException e) {
      return any;
    }
  }
}
