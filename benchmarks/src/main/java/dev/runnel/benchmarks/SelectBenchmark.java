package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** One goroutine selects among unbuffered channels, each of which has a producer. */
public class SelectBenchmark extends SubjectState {

    private static final int ELEMENTS = 200_000;

    @Param({"runnel", "jox", "kotlin", "core.async"})
    String subject;

    @Param({"2", "5"})
    int channels;

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long select() throws Exception {
        return Elements.check(Subjects.named(subject).select(channels, ELEMENTS), channels, ELEMENTS / channels);
    }
}
