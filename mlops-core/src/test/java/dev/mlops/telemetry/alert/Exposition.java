package dev.mlops.telemetry.alert;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a Prometheus server would scrape, as the OpenTelemetry specification (Prometheus and
 * OpenMetrics compatibility) translates it: dots become underscores, the unit is spelt out,
 * counters end in {@code _total}, the buckets of a histogram in {@code _bucket}.
 */
final class Exposition {

  private Exposition() {}

  static String name(MetricData metric) {
    String name =
        metric.getName().replace('.', '_') + (metric.getUnit().equals("s") ? "_seconds" : "");
    if (metric.getType() == MetricDataType.HISTOGRAM) {
      return name + "_bucket";
    }
    return metric.getType() == MetricDataType.LONG_SUM ? name + "_total" : name;
  }

  /** Returns the value of every counter and bucket by its series. */
  static Map<String, Long> counts(Collection<MetricData> metrics) {
    var samples = new TreeMap<String, Long>();
    for (MetricData metric : metrics) {
      metric.getLongSumData().getPoints().forEach(point -> {
        samples.put(series(metric, point.getAttributes(), ""), point.getValue());
      });
      metric.getHistogramData().getPoints().forEach(point -> buckets(metric, point, samples));
    }
    return samples;
  }

  private static void buckets(
      MetricData metric, HistogramPointData point, Map<String, Long> samples) {
    long sum = 0;
    for (int i = 0; i < point.getCounts().size(); i++) {
      sum += point.getCounts().get(i);
      boolean last = i == point.getBoundaries().size();
      String bound = last ? "+Inf" : point.getBoundaries().get(i).toString();
      samples.put(series(metric, point.getAttributes(), ",le=\"" + bound + '"'), sum);
    }
  }

  private static String series(MetricData metric, Attributes attributes, String more) {
    return attributes.asMap().entrySet().stream()
        .map(e -> e.getKey().getKey().replace('.', '_') + "=\"" + e.getValue() + '"')
        .sorted()
        .collect(Collectors.joining(",", name(metric) + "{", more + "}"));
  }
}
