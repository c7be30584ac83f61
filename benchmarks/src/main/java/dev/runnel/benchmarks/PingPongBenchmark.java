package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/** An element goes there over one unbuffered channel and comes back over another; the time is that of a round trip. */
public class PingPongBenchmark extends SubjectState {

    private static final int ELEMENTS = 100_000;

    @Param({"runnel", "jox", "kotlin", "core.async", "SynchronousQueue", "LinkedTransferQueue"})
    String subject;

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long pingPong() throws Exception {
        return Elements.check(Subjects.named(subject).pingPong(ELEMENTS), 1, ELEMENTS);
    }
}
