package dev.mlops.data.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops.data.Feature;
import dev.mlops.data.Schema;
import dev.mlops.data.Target;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * SHA-256 over a table in one fixed byte form: texts as length and UTF-8, numbers as IEEE 754 bits,
 * big-endian, with one bit pattern for NaN.
 */
public final class Fingerprint {
  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public static String of(
      Schema schema, double[][] columns, double[] targets, Map<String, String[]> kept) {
    var print = new Fingerprint();
    print.schema(schema);
    print.number(targets.length);
    for (double[] column : columns) {
      print.doubles(column);
    }
    print.doubles(targets);
    kept.forEach((name, texts) -> {
      print.text(name);
      for (String text : texts) {
        print.text(text);
      }
    });
    return print.finish();
  }

  /** Identifies a schema alone. */
  public static String of(Schema schema) {
    var print = new Fingerprint();
    print.schema(schema);
    return print.finish();
  }

  private void schema(Schema schema) {
    number(schema.width());
    for (Feature feature : schema.features()) {
      text(feature.name());
      if (feature instanceof Feature.Categorical categorical) {
        texts(categorical.categories());
      } else {
        number(-1);
      }
    }
    text(schema.target().name());
    if (schema.target() instanceof Target.Classes classes) {
      texts(classes.classes());
    } else {
      number(-1);
    }
  }

  private void texts(List<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    number(bytes.length);
    flush();
    digest.update(bytes);
  }

  private void number(long value) {
    if (buffer.remaining() < Long.BYTES) {
      flush();
    }
    buffer.putLong(value);
  }

  private void doubles(double[] values) {
    for (double value : values) {
      number(Double.doubleToLongBits(value));
    }
  }

  private void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  private String finish() {
    flush();
    return HexFormat.of().formatHex(digest.digest());
  }
}
