package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** One goroutine fills a channel of 100 and drains it; the time is that of one send or one receive. */
public class FillAndDrainBenchmark extends SubjectState {

    private static final int CAPACITY = 100;
    private static final int ELEMENTS = 1_000_000;

    @Param({"runnel", "jox", "kotlin", "core.async", "ArrayBlockingQueue"})
    String subject;

    @Benchmark
    @OperationsPerInvocation(2 * ELEMENTS)
    public long fillAndDrain() throws Exception {
        return Elements.check(Subjects.named(subject).fillAndDrain(CAPACITY, ELEMENTS), 1, ELEMENTS);
    }
}
