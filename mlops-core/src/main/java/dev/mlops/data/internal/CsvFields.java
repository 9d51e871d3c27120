package dev.mlops.data.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/** Takes a sound record apart. */
public final class CsvFields {
  /** What is said of a record that is no text. */
  public static final String NOT_UTF_8 = "expected UTF-8 text, got other bytes";

  private CsvFields() {}

  /**
   * Returns the values of a record, unquoted.
   *
   * @throws CharacterCodingException if the bytes are not UTF-8
   */
  public static List<String> of(byte[] record, char delimiter) throws CharacterCodingException {
    return split(UTF_8.newDecoder().decode(ByteBuffer.wrap(record)).toString(), delimiter);
  }

  /** Returns the position of the value in which the first wrong byte stands. */
  public static int columnOfWrongByte(byte[] record, char delimiter) {
    String replaced = new String(record, UTF_8);
    int wrong = replaced.indexOf('\uFFFD');
    return split(replaced.substring(0, wrong + 1), delimiter).size() - 1;
  }

  private static List<String> split(String record, char delimiter) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      if (at < record.length() && record.charAt(at) == '"') {
        int from = at + 1;
        int to = closing(record, from);
        fields.add(record.substring(from, to).replace("\"\"", "\""));
        at = Math.min(to + 1, record.length());
      } else {
        int to = record.indexOf(delimiter, at);
        to = to < 0 ? record.length() : to;
        fields.add(record.substring(at, to));
        at = to;
      }
      if (at == record.length()) {
        return fields;
      }
      at++; // the delimiter
    }
  }

  /** Returns where the closing quote stands, the end if there is none. */
  private static int closing(String record, int from) {
    int quote = record.indexOf('"', from);
    while (quote >= 0 && quote + 1 < record.length() && record.charAt(quote + 1) == '"') {
      quote = record.indexOf('"', quote + 2);
    }
    return quote < 0 ? record.length() : quote;
  }
}
