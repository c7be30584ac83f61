package dev.runnel.benchmarks.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** The results as JSON, with every sample. */
final class JsonReport {

    private JsonReport() {}

    static String of(Results results) throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("about", results.about());
        json.put("pace", pace(results.pace()));
        json.put("subjects", results.subjects());
        json.put("samples", results.samples().stream().map(JsonReport::sample).toList());
        json.put("leftOut", results.leftOut().stream().map(JsonReport::leftOut).toList());
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    private static Map<String, Object> pace(Pace pace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rounds", pace.rounds());
        json.put("warmups", pace.warmups());
        json.put("iterations", pace.iterations());
        json.put("iterationMillis", pace.iteration().toMillis());
        return json;
    }

    private static Map<String, Object> sample(Sample sample) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workload", sample.row().workload().id());
        json.put("setting", sample.row().setting());
        json.put("subject", sample.subject());
        json.put("round", sample.round());
        json.put("nanos", sample.figures().nanos());
        json.put("cpuNanos", sample.figures().cpuNanos());
        json.put("bytes", sample.figures().bytes());
        return json;
    }

    private static Map<String, Object> leftOut(LeftOut left) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workload", left.row() == null ? null : left.row().workload().id());
        json.put("setting", left.row() == null ? null : left.row().setting());
        json.put("subject", left.subject());
        json.put("reason", left.reason());
        json.put("failed", left.failed());
        return json;
    }
}
