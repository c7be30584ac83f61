package dev.runnel.benchmarks.compare;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.runnel.benchmarks.Subjects;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What a comparison has found, and what it comes to.
 *
 * @param about the machine, the versions and the date, each by its name
 * @param subjects their names, in the order of the columns
 */
record Results(Map<String, String> about, Pace pace, List<String> subjects, List<Sample> samples,
        List<LeftOut> leftOut) {

    /** For each row that was measured, the summary of each subject that did it. */
    Map<Row, Map<String, Summary>> summaries() {
        return samples.stream()
                .collect(groupingBy(Sample::row, LinkedHashMap::new,
                        groupingBy(Sample::subject, LinkedHashMap::new,
                                mapping(Sample::figures, collectingAndThen(toList(), Summary::of)))));
    }

    /** The time of the fastest subject that is not ours. */
    static OptionalDouble bestPeer(Map<String, Summary> row) {
        return row.entrySet()
                .stream()
                .filter(entry -> !entry.getKey().equals(Subjects.OURS))
                .mapToDouble(entry -> entry.getValue().nanos())
                .min();
    }

    /** Our time as a multiple of that of the best peer: below 1, ours is the faster one. */
    static OptionalDouble ratio(Map<String, Summary> row) {
        Summary ours = row.get(Subjects.OURS);
        OptionalDouble best = bestPeer(row);
        return ours == null || best.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(ours.nanos() / best.getAsDouble());
    }

    /** The geometric mean of the ratios of all rows that have one. */
    OptionalDouble meanRatio() {
        return geometricMean(
                summaries().values().stream().map(Results::ratio).flatMapToDouble(OptionalDouble::stream));
    }

    static OptionalDouble geometricMean(DoubleStream values) {
        OptionalDouble logarithm = values.map(Math::log).average();
        return logarithm.isEmpty() ? logarithm : OptionalDouble.of(Math.exp(logarithm.getAsDouble()));
    }
}
