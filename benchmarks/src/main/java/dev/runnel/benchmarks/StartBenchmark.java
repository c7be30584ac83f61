package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** A goroutine is started and has finished. */
public class StartBenchmark extends SubjectState {

    private static final int GOROUTINES = 10_000;

    @Param({"runnel", "kotlin", "core.async", "threads"})
    String subject;

    @Benchmark
    @OperationsPerInvocation(GOROUTINES)
    public long start() throws Exception {
        return Subjects.named(subject).start(GOROUTINES);
    }
}
