package dev.runnel.benchmarks.compare;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What the samples of one subject at one row come to.
 *
 * @param nanos the median of the time for an element
 * @param spread how far the middle half of the times lies apart, as a share of the median
 * @param cpuNanos the median of the CPU time for an element
 * @param bytes the median of the bytes for an element, if they were measured
 */
record Summary(double nanos, double spread, double cpuNanos, OptionalDouble bytes) {

    static Summary of(List<Figures> samples) {
        double[] nanos = samples.stream().mapToDouble(Figures::nanos).sorted().toArray();
        double[] cpu = samples.stream().mapToDouble(Figures::cpuNanos).sorted().toArray();
        double[] bytes = samples.stream()
                .map(Figures::bytes)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double median = quantile(nanos, 0.5);
        return new Summary(median, (quantile(nanos, 0.75) - quantile(nanos, 0.25)) / median, quantile(cpu, 0.5),
                bytes.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(quantile(bytes, 0.5)));
    }

    /** The value below which a share of the sorted values lies, between two of them if need be. */
    static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
